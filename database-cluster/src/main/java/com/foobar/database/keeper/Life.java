package com.foobar.database.keeper;

import com.foobar.database.embedded.Stopped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One server process, from the start that answered to its end. Safe for all threads. */
public interface Life {

    /** The same for the same process only; also to a keeper that was started later. */
    String mark();

    /** The process is there. When that cannot be known it is: a fence must not be believed in. */
    boolean runs();

    /** SIGKILL, or the service manager's word for it. Returns at once; {@link #ended} tells of the end. */
    void kill();

    /** Waits for the end; false if it did not come in time. */
    boolean awaitEnd(Duration limit) throws InterruptedException;

    /** Asks it to end, and kills it at the deadline. */
    Stopped stop(Duration deadline) throws InterruptedException;

    /** Completes with the reason when the process has ended. */
    CompletableFuture<String> ended();

    /** Gives back what the process held, once it has ended. */
    void release();
}
