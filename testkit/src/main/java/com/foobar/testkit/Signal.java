package com.foobar.testkit;

/** The signals tests send: the name is what {@code kill} takes. */
public enum Signal {
    STOP,
    CONT,
    TERM,
    KILL,
    HUP,
    INT,
    /** Makes a JVM print its threads. */
    QUIT,
    USR1
}
