package com.foobar.kernel.config;

import java.io.IOException;

/** A file that cannot be read as text at all; the message names it and the reason. */
public final class ConfigUnreadable extends IOException {
    private static final long serialVersionUID = 1L;

    ConfigUnreadable(String message) {
        super(message);
    }

    ConfigUnreadable(String message, IOException cause) {
        super(message, cause);
    }
}
