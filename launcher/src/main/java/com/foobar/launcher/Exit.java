package com.foobar.launcher;

/** Exit statuses, as promised to scripts. */
public final class Exit {
    public static final int GOOD = 0;
    /** A check found something: a sick stack. */
    public static final int FOUND = 1;
    /** Wrong words on the command line or in the configuration. */
    public static final int USAGE = 2;

    public static final int COULD_NOT_START = 3;
    public static final int INTERNAL = 4;

    private Exit() {}
}
