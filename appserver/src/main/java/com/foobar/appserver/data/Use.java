package com.foobar.appserver.data;

import java.util.Locale;

/** What a node's connections are for: each use logs in as somebody else. */
enum Use {
    WRITE,
    READ,
    SCHEMA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
