package com.foobar.database.keeper;

import com.foobar.database.embedded.DumpSource;
import com.foobar.database.model.Boot;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.HostPort;
import java.util.Optional;

/** How a node's server is started, found and given new data. Called by one thread. */
public interface Server {

    HostPort at();

    /** It has no data yet, or none any more: its next start makes it from nothing. */
    boolean isEmpty();

    /** A server that runs already and is taken on; one of ours never is, because nobody has watched it. */
    Optional<Life> found() throws StartFailure, InterruptedException;

    /** Starts it read-only, following nobody, and returns when it answers. On failure none is left running. */
    Life start(Boot.Tail tail) throws StartFailure, InterruptedException;

    /**
     * Keeps the data aside and takes that of the source. The server does not run.
     *
     * @param held everything the source had before the dump began, as its binary log spells it; more than the dump's own position tells
     * @return what was done with the old data, in words
     */
    String provisionAnew(DumpSource source, String held) throws StartFailure, InterruptedException;
}
