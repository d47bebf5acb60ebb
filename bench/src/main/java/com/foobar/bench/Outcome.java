package com.foobar.bench;

import java.util.Optional;

/** What one run of a load counted: requests answered with success, how many a second, and at a fixed rate how late. */
record Outcome(long requests, double perSecond, Optional<Latency> latency) {

    static Outcome counted(long requests, double perSecond) throws LoadFailure {
        if (requests == 0) {
            throw new LoadFailure("not one request was answered");
        }
        return new Outcome(requests, perSecond, Optional.empty());
    }
}
