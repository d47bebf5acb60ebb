package com.foobar.bench;

import java.time.Duration;

/** A way to put load on a contender. */
interface Load {

    /** The program it needs, as a word of {@link Program}; or that it needs none. */
    boolean isPossible();

    /** What runs, for the reader: connections, streams, rate. */
    String description();

    /** Runs it for about that long, to the end of the last counted request. */
    Outcome run(Target target, Duration length, Bed bed) throws LoadFailure;

    /**
     * The same by as few connections as it takes. Under full load a JVM's compilers share the cores with dozens of busy threads, and it is
     * minutes until all of its code is compiled.
     */
    default Load gently() {
        return this;
    }

    /** Where the requests go. */
    record Target(int port, boolean secure, String path) {

        String url(String host) {
            return (secure ? "https" : "http") + "://" + host + ":" + port + path;
        }
    }
}
