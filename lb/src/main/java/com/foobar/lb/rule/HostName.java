package com.foobar.lb.rule;

import com.foobar.kernel.value.Alphabet;
import com.foobar.kernel.value.HostPort;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The name of a site as requests and rules write it, brought to one form: no port, no trailing dot, lower case. */
final class HostName {
    private static final int LONGEST = 253;

    private HostName() {}

    /** Of a Host field; null when it is none that could be ours. The same object when there was nothing to do. */
    static @Nullable String of(String field) {
        String bare = withoutPort(field);
        if (bare == null || bare.startsWith("[")) {
            return bare == null || !literal(bare) ? null : bare.toLowerCase(Locale.ROOT);
        }
        String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        return isName(name) ? name.toLowerCase(Locale.ROOT) : null;
    }

    /** Of a pattern in a rule: a host without port, or {@code *.} and a name. Null when it is neither. */
    static @Nullable String pattern(String text) {
        boolean wildcard = text.startsWith("*.");
        String rest = wildcard ? text.substring(2) : text;
        String host = of(rest);
        // A rule holds on every port, so a port in it is a misunderstanding and not to be passed over.
        boolean port = rest.startsWith("[") ? !rest.endsWith("]") : rest.indexOf(':') >= 0;
        boolean legal = host != null && !port && !(wildcard && rest.startsWith("["));
        return !legal ? null : wildcard ? "*." + host : host;
    }

    static @Nullable String withoutPort(String field) {
        int end = field.startsWith("[") ? field.indexOf(']') + 1 : field.indexOf(':');
        if (end <= 0) {
            return end < 0 ? field : null;
        }
        boolean port =
                end < field.length() && field.charAt(end) == ':' && Alphabet.DIGITS.spells(field.substring(end + 1));
        return end == field.length() || port ? field.substring(0, end) : null;
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST
                && Alphabet.HOST.spells(name)
                && name.charAt(0) != '.'
                && !name.endsWith(".")
                && !name.contains("..");
    }

    private static boolean literal(String bracketed) {
        try {
            return bracketed.length() > 2
                    && new HostPort(bracketed.substring(1, bracketed.length() - 1), 0)
                                    .host()
                                    .indexOf(':')
                            >= 0;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }
}
