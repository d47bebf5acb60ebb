package com.foobar.database.remote;

import java.io.IOException;

/** What came is not what a member of the cluster says: the connection ends. */
final class Rubbish extends IOException {
    private static final long serialVersionUID = 1L;

    Rubbish(String what) {
        super(what);
    }
}
