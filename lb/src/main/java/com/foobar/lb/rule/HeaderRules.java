package com.foobar.lb.rule;

import com.foobar.kernel.config.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a route changes in one direction's headers, and whether it may. */
record HeaderRules(Map<String, String> set, List<String> remove) {
    private static final String SIGNS = "!#$%&'*+-.^_`|~";

    /** They frame messages and belong to one connection: set by a rule, two tiers would disagree where a request ends. */
    private static final Set<String> FRAMING = Set.of(
            "connection",
            "content-length",
            "transfer-encoding",
            "upgrade",
            "te",
            "trailer",
            "keep-alive",
            "proxy-connection");

    /** The balancer vouches for these; the next tier believes them. */
    private static final Set<String> OURS = Set.of(
            "host",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-request-id",
            "traceparent");

    void check(String direction, Problems problems) {
        Set<String> seen = new TreeSet<>();
        for (Map.Entry<String, String> header : set.entrySet()) {
            String key = Problems.key("set-" + direction, header.getKey());
            String complaint = complaint(header.getKey(), direction);
            if (complaint != null) {
                problems.error(key, complaint);
            } else if (!seen.add(lower(header.getKey()))) {
                problems.error(key, "given twice, expected each header once");
            }
            if (!value(header.getValue())) {
                problems.error(key, "the value holds what a header cannot, expected visible ASCII on one line");
            }
        }
        for (String name : remove) {
            String complaint = complaint(name, direction);
            if (complaint != null) {
                problems.error("remove-" + direction, complaint);
            } else if (!seen.add(lower(name))) {
                problems.error(
                        "remove-" + direction, name + " is given twice or set as well, expected each header once");
            }
        }
    }

    private static @Nullable String complaint(String name, String direction) {
        if (!token(name)) {
            // Not shown as it is: it may hold a line break.
            return "not the name of a header, expected letters, digits and " + SIGNS;
        }
        if (FRAMING.contains(lower(name))) {
            return name + " belongs to the connection and is written by the balancer itself";
        }
        boolean ours = direction.equals("request-headers") && OURS.contains(lower(name));
        return ours ? name + " tells the next tier who asked for what and is written by the balancer itself" : null;
    }

    static boolean token(String name) {
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean plain = letter < 128 && Character.isLetterOrDigit(letter);
            if (!plain && SIGNS.indexOf(letter) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    static boolean value(String value) {
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter != '\t' && (letter < ' ' || letter > '~')) {
                return false;
            }
        }
        return value.equals(value.strip());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
