package com.foobar.database.dialect;

import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Optional;

/**
 * The replica side of a node.
 *
 * @param source from whom it receives
 * @param link the receiving thread
 * @param applying the applying thread runs
 * @param linkFault why the receiving thread failed last, if it did
 * @param applyFault why the applying thread failed last, if it did
 * @param threads as the server numbers them
 * @param behind how old the write is that it applies; nothing when the server cannot tell
 */
public record Receiver(
        HostPort source,
        Link link,
        boolean applying,
        Optional<Fault> linkFault,
        Optional<Fault> applyFault,
        Threads threads,
        Optional<Duration> behind) {

    /**
     * The numbers of the two threads, by which a restart that nobody told us of is seen; 0 for one that does not run, or that may not
     * be seen by who asks.
     */
    public record Threads(long receiving, long applying) {
        public static final Threads NONE = new Threads(0, 0);
    }

    /** The receiving thread. */
    public enum Link {
        RUNNING,
        /** It runs, but has no connection to its source. */
        CONNECTING,
        STOPPED
    }

    /** A server's error number and its words. */
    public record Fault(int code, String text) {}
}
