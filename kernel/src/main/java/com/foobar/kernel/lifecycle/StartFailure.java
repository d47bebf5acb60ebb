package com.foobar.kernel.lifecycle;

/** A role could not start. The message names the port or file, and the cure says what to do about it. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String cure;

    public StartFailure(String message, String cure) {
        super(message);
        this.cure = cure;
    }

    public StartFailure(String message, String cure, Throwable cause) {
        super(message, cause);
        this.cure = cure;
    }

    public String cure() {
        return cure;
    }
}
