package com.foobar.appserver.container;

import java.util.Locale;
import java.util.Optional;

/** The generations of the servlet specification that applications are written for; each has its own class loader. */
public enum Generation {
    /** Servlet 4.0 and older: {@code javax.servlet}. */
    EE8,
    /** Servlet 5.0 and 6.0: {@code jakarta.servlet}. */
    EE10,
    /** Servlet 6.1. */
    EE11;

    /** As users write it, and as its folder is called. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Generation> of(String word) {
        for (Generation one : values()) {
            if (one.word().equals(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
