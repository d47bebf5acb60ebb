package com.foobar.database.embedded;

/** How a server was brought to its end. */
public enum Stopped {
    /** It had ended already. */
    BEFORE,
    /** It shut down cleanly: its data can be copied. */
    CLEANLY,
    /** It was killed; its data recovers at the next start. */
    KILLED,
    /** It lives even after SIGKILL: the kernel waits for a disk. Its port and its data are not free. */
    NOT_YET
}
