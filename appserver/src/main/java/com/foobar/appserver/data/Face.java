package com.foobar.appserver.data;

/** Under which name an application asked: what a connection is for before it says more. */
enum Face {
    /** Read-only connections go to replicas, others to the primary. */
    AUTO,
    /** All to the primary; the read-only ones by the reader's account. */
    PRIMARY,
    /** Reads only. */
    REPLICA,
    /** The primary, by the account that makes tables. */
    SCHEMA
}
