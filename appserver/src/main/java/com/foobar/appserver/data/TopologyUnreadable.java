package com.foobar.appserver.data;

/** What came was no topology document; the message says which part of it. */
public final class TopologyUnreadable extends Exception {
    private static final long serialVersionUID = 1L;

    TopologyUnreadable(String message) {
        super("topology document: " + message);
    }
}
