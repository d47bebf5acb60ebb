package com.foobar.bench;

/** A load that cannot be counted: the message stands in the results instead of a figure. */
final class LoadFailure extends Exception {

    private static final long serialVersionUID = 1L;

    LoadFailure(String reason) {
        super(reason);
    }

    LoadFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
