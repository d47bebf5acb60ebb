package com.foobar.quorum;

import java.util.concurrent.CompletableFuture;

/**
 * A lease with a fencing term and a few small records, agreed on by a majority of voters. One object is one voter.
 *
 * <p>Being told that one leads proves nothing about the next moment. Before a step that cannot be taken back: {@link #confirm}, and then
 * carry the term into whatever the step touches, so that it is refused there when the lease has passed on in between.
 */
public interface Quorum extends AutoCloseable {

    /** What this voter believes at this moment, without asking anybody. */
    Standing standing();

    /**
     * A linearisable read under the lease. It completes with what is agreed on, or exceptionally with {@link NotLeading}; never later than
     * the patience the quorum was made with.
     */
    CompletableFuture<Confirmed> confirm(String record);

    /**
     * Replaces a record by compare-and-set, refused for a term that is not the present holder's.
     *
     * @param expectedVersion 0 for a record that was never written
     */
    CompletableFuture<Written> write(String record, long expectedVersion, String content, long term);

    /** Runs after each change of the standing, on a thread of the quorum: a task must be short. */
    void onStanding(Runnable task);

    /** Gives the lease up, to another voter where one can take it. */
    void stepDown();

    @Override
    void close();
}
