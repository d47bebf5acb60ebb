package com.foobar.webserver.answer;

import com.foobar.kernel.value.Alphabet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The name of a site as requests and settings write it, brought to one form: no port, no trailing dot, lower case. */
public final class SiteHost {
    private static final int LONGEST = 253;

    private SiteHost() {}

    /** Of a Host field; null when it is none that could be ours. */
    public static @Nullable String of(String field) {
        if (field.startsWith("[")) {
            int close = field.indexOf(']');
            boolean legal = close > 2
                    && Alphabet.IPV6.spells(field.substring(1, close))
                    && field.indexOf(':') < close
                    && port(field, close + 1);
            return legal ? field.substring(0, close + 1).toLowerCase(Locale.ROOT) : null;
        }
        int colon = field.indexOf(':');
        if (colon >= 0 && !port(field, colon)) {
            return null;
        }
        String bare = colon < 0 ? field : field.substring(0, colon);
        String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        return isName(name) ? name.toLowerCase(Locale.ROOT) : null;
    }

    /** Of a host in the settings: one without port, or {@code *.} and a name, or {@code *} for every host; null when neither. */
    public static @Nullable String pattern(String text) {
        if (text.equals("*")) {
            return text;
        }
        boolean wildcard = text.startsWith("*.");
        String host = of(wildcard ? text.substring(2) : text);
        boolean bracketed = host != null && host.startsWith("[");
        // A site is one on every port, so a port in its name is a misunderstanding and not to be passed over.
        boolean port = bracketed ? !text.endsWith("]") : text.indexOf(':') >= 0;
        return host == null || port || (wildcard && bracketed) ? null : wildcard ? "*." + host : host;
    }

    private static boolean port(String field, int at) {
        return at == field.length() || (field.charAt(at) == ':' && Alphabet.DIGITS.spells(field.substring(at + 1)));
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST
                && Alphabet.HOST.spells(name)
                && name.charAt(0) != '.'
                && !name.endsWith(".")
                && !name.contains("..");
    }
}
