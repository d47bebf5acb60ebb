package com.foobar.database.embedded;

/** What a confirmed write survives on its own node. */
public enum Durability {
    /** The loss of the host: every commit is forced to the disk. */
    DURABLE,
    /** The death of the process only; much faster on slow disks. */
    DEMO
}
