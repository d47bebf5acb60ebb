package com.foobar.quorum;

/** What became of a write. */
public sealed interface Written {

    /** Agreed on by a majority. */
    record Done(long version) implements Written {}

    /** Somebody wrote in between; nothing was changed. */
    record Conflict(long version) implements Written {}

    /** The term is not the present holder's; nothing was changed. */
    record Deposed(long term) implements Written {}

    /** No answer came in time: it may have been written, or may be yet. */
    record Unknown(String why) implements Written {}
}
