package com.foobar.webserver.answer;

import org.jspecify.annotations.Nullable;

/**
 * Whether a browser is on its way to a page, as opposed to fetching something for one. Only then is a missing file a place
 * inside a single-page application; a missing script answered with HTML would fail somewhere else and much later.
 */
public final class Navigation {

    private Navigation() {}

    /** Of a request whose name is as {@link FileName} gives it. */
    public static boolean is(String name, @Nullable String accept, @Nullable String fetchMode) {
        return FileName.extension(name).isEmpty()
                && (fetchMode == null || fetchMode.equals("navigate"))
                && acceptsHtml(accept);
    }

    /** By name: everything accepts anything, and says so with stars. */
    private static boolean acceptsHtml(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        for (String one : accept.split(",", -1)) {
            String[] parts = one.split(";", -1);
            if (parts[0].trim().equalsIgnoreCase("text/html")) {
                return !refused(parts);
            }
        }
        return false;
    }

    private static boolean refused(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.equals("q=0") || parameter.matches("q=0\\.0{0,3}")) {
                return true;
            }
        }
        return false;
    }
}
