package com.foobar.http.listen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** PURE. Reads a {@code Forwarded} field (RFC 7239). One mistake anywhere and none of it counts. */
final class ForwardedField {

    private final String text;
    private int at;

    private ForwardedField(String text) {
        this.text = text;
    }

    /** The hops, first to last; null when the field is malformed or longer than anybody honest needs. */
    static @Nullable List<Forwarding.Hop> read(String text, int most) {
        ForwardedField field = new ForwardedField(text);
        List<Forwarding.Hop> hops = new ArrayList<>(4);
        do {
            Forwarding.Hop hop = field.hop();
            if (hop == null || hops.size() == most) {
                return null;
            }
            hops.add(hop);
        } while (field.skip(','));
        return field.at == text.length() ? hops : null;
    }

    private Forwarding.@Nullable Hop hop() {
        String node = null;
        String scheme = null;
        String host = null;
        do {
            String name = token();
            if (name.isEmpty() || !skip('=')) {
                return null;
            }
            String value = text.startsWith("\"", at) ? quoted() : token();
            if (value == null || value.isEmpty()) {
                return null;
            }
            switch (name.toLowerCase(Locale.ROOT)) {
                case "for" -> node = once(node, value);
                case "proto" -> scheme = once(scheme, value);
                case "host" -> host = once(host, value);
                default -> {
                    // "by" and extensions tell nothing that is used here.
                }
            }
        } while (skip(';'));
        return new Forwarding.Hop(
                node == null ? null : Forwarding.node(node), Forwarding.scheme(scheme), Forwarding.host(host));
    }

    /** A parameter given twice says nothing. */
    private static String once(@Nullable String before, String value) {
        return before == null ? value : "";
    }

    private String token() {
        int from = at;
        while (at < text.length() && text.charAt(at) < 128 && Octets.TOKEN[text.charAt(at)]) {
            at++;
        }
        return text.substring(from, at);
    }

    private @Nullable String quoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char letter = text.charAt(at++);
            if (letter == '"') {
                return out.toString();
            }
            if (letter == '\\') {
                if (at == text.length()) {
                    return null;
                }
                letter = text.charAt(at++);
            }
            out.append(letter);
        }
        return null;
    }

    /** Takes this separator and the blanks around it. */
    private boolean skip(char separator) {
        int from = at;
        blanks();
        if (at < text.length() && text.charAt(at) == separator) {
            at++;
            if (separator != '=') {
                blanks();
            }
            return separator != '=' || at - from == 1;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
