package com.foobar.kernel.lifecycle;

/** A role cannot take the new configuration; the old one stays. The message names the key and the cure. */
public final class ChangeRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public ChangeRefused(String message) {
        super(message);
    }

    public ChangeRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
