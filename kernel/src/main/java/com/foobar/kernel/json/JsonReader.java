package com.foobar.kernel.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One walk over one text, by recursive descent; the depth limit is what keeps the stack safe. */
final class JsonReader {

    private final CharSequence text;
    private final int maxDepth;
    private int at;
    private int depth;

    JsonReader(CharSequence text, int maxDepth) {
        this.text = text;
        this.maxDepth = maxDepth;
    }

    @Nullable
    Object document() throws JsonSyntaxException {
        Object value = value();
        skipSpace();
        if (at < text.length()) {
            throw problem("something follows the value");
        }
        return value;
    }

    private @Nullable Object value() throws JsonSyntaxException {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() throws JsonSyntaxException {
        enter();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (isEmpty('}')) {
            return members;
        }
        do {
            skipSpace();
            if (peek() != '"') {
                throw problem("a key in quotes is missing");
            }
            int keyAt = at;
            String key = string();
            skipSpace();
            expect(':');
            Object value = value();
            if (members.containsKey(key)) {
                throw new JsonSyntaxException("the key \"" + key + "\" is there twice", keyAt);
            }
            members.put(key, value);
        } while (more('}'));
        return members;
    }

    private List<@Nullable Object> array() throws JsonSyntaxException {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        if (isEmpty(']')) {
            return elements;
        }
        do {
            elements.add(value());
        } while (more(']'));
        return elements;
    }

    private void enter() throws JsonSyntaxException {
        if (++depth > maxDepth) {
            throw problem("nested deeper than " + maxDepth);
        }
        at++;
    }

    private boolean isEmpty(char close) {
        skipSpace();
        return leaveAt(close);
    }

    private boolean more(char close) throws JsonSyntaxException {
        skipSpace();
        if (leaveAt(close)) {
            return false;
        }
        expect(',');
        return true;
    }

    private boolean leaveAt(char close) {
        if (peek() != close) {
            return false;
        }
        at++;
        depth--;
        return true;
    }

    private String string() throws JsonSyntaxException {
        at++;
        StringBuilder read = new StringBuilder();
        plain(read);
        while (peek() == '\\') {
            read.append(escaped());
            plain(read);
        }
        expect('"');
        checkSurrogates(read);
        return read.toString();
    }

    private void plain(StringBuilder read) throws JsonSyntaxException {
        int start = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
            if (text.charAt(at) < ' ') {
                throw problem("a bare control character");
            }
            at++;
        }
        read.append(text, start, at);
    }

    private char escaped() throws JsonSyntaxException {
        at++;
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw new JsonSyntaxException("unknown escape", at - 2);
        };
    }

    private char hex() throws JsonSyntaxException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            // Character.digit alone would take full-width and other scripts' digits.
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw problem("\\u needs four hexadecimal digits");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }

    private void checkSurrogates(StringBuilder read) throws JsonSyntaxException {
        for (int i = 0; i < read.length(); i++) {
            char c = read.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < read.length() && Character.isLowSurrogate(read.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw problem("half a surrogate pair in the string that ends");
            }
        }
    }

    private Number number() throws JsonSyntaxException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits(start);
        }
        boolean whole = true;
        if (peek() == '.') {
            at++;
            digits(start);
            whole = false;
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits(start);
            whole = false;
        }
        return convert(text.subSequence(start, at).toString(), whole, start);
    }

    private static Number convert(String digits, boolean whole, int start) throws JsonSyntaxException {
        if (whole) {
            try {
                return Long.valueOf(digits);
            } catch (NumberFormatException tooLong) {
                throw new JsonSyntaxException("a whole number beyond 64 bits", start);
            }
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw new JsonSyntaxException("a number beyond the range of a double", start);
        }
        return value;
    }

    private void digits(int start) throws JsonSyntaxException {
        int first = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == first) {
            throw at == start ? problem("a value is missing") : problem("a digit is missing");
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonSyntaxException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw problem("a value is missing");
            }
        }
        return value;
    }

    private void expect(char wanted) throws JsonSyntaxException {
        if (peek() != wanted) {
            throw problem("'" + wanted + "' is missing");
        }
        at++;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    /** NUL stands for the end: a NUL in the text is an error everywhere, so the two need no telling apart. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private JsonSyntaxException problem(String what) {
        return new JsonSyntaxException(what, at);
    }
}
