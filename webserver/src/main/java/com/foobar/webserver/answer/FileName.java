package com.foobar.webserver.answer;

import com.foobar.http.listen.RequestPath;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which name below the root a request path may ask for. The listener in front has normalised the path already; it is checked
 * here once more, because this is where a mistake of anybody before becomes a file that leaks.
 */
public final class FileName {

    /** What one name may take on every file system there is; longer ones cannot exist. */
    private static final int LONGEST_NAME = 255;

    /** With the root in front it must stay below the 4096 of the kernel. */
    private static final int LONGEST_PATH = 2048;

    /** The one hidden folder that is meant to be seen: RFC 8615. */
    private static final String WELL_KNOWN = ".well-known";

    /** What editors and merges leave behind: the source of a page, or its password of yesterday. */
    private static final String[] LEFTOVERS = {"~", ".bak", ".swp", ".swo", ".orig", ".rej"};

    private FileName() {}

    /**
     * The name relative to the root, with slashes, empty for the root itself, and with a slash at the end where the path has
     * one; null where the path must never reach a file system.
     */
    public static @Nullable String of(String path) {
        String normal = RequestPath.normalise(path);
        if (normal == null || !normal.equals(path)) {
            return null;
        }
        String decoded = RequestPath.decode(normal);
        if (decoded == null || decoded.length() > LONGEST_PATH || decoded.indexOf("//") >= 0) {
            return null;
        }
        String name = decoded.substring(1);
        for (int from = 0; from < name.length(); ) {
            int slash = name.indexOf('/', from);
            int end = slash < 0 ? name.length() : slash;
            if (!legal(name.substring(from, end), from == 0)) {
                return null;
            }
            from = end + 1;
        }
        return name;
    }

    private static boolean legal(String segment, boolean first) {
        if (segment.isEmpty() || length(segment) > LONGEST_NAME) {
            return false;
        }
        for (int i = 0; i < segment.length(); i++) {
            char letter = segment.charAt(i);
            if (Character.isISOControl(letter) || letter == '\\') {
                return false;
            }
        }
        if (segment.charAt(0) == '.') {
            return first && segment.equals(WELL_KNOWN);
        }
        return !leftover(segment);
    }

    /** As UTF-8, which is what the file system counts. */
    private static int length(String segment) {
        return segment.length() * 3 <= LONGEST_NAME
                ? segment.length()
                : segment.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean leftover(String segment) {
        if (segment.charAt(0) == '#' && segment.endsWith("#")) {
            return true;
        }
        String lower = segment.toLowerCase(Locale.ROOT);
        for (String ending : LEFTOVERS) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** The last segment of a name; empty for a folder. */
    public static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** What follows the last dot of the last segment, in lower case; empty where there is none. */
    public static String extension(String name) {
        String last = last(name);
        int dot = last.lastIndexOf('.');
        return dot <= 0 ? "" : last.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
