package com.foobar.kernel.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The way in ({@link #parse}) and the quoting rule that every way out shares. To build text, see {@link JsonWriter}. */
public final class Json {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /** What a reader puts up with. A body comes from anybody, so both limits are checked before memory or stack is spent. */
    public record Limits(int depth, int characters) {
        /** Enough for every body the admin port knows, and for a dashboard's state. */
        public static final Limits DEFAULT = new Limits(32, 1 << 20);

        public Limits {
            if (depth < 1 || characters < 1) {
                throw new IllegalArgumentException("limits start at 1: depth " + depth + ", characters " + characters);
            }
        }
    }

    public static @Nullable Object parse(CharSequence text) throws JsonSyntaxException {
        return parse(text, Limits.DEFAULT);
    }

    /**
     * Reads one value: {@code Map<String, Object>} (in the order of the text), {@code List<Object>}, {@code String},
     * {@code Long}, {@code Double}, {@code Boolean} or null. Stricter than RFC 8259 where the RFC says that software
     * disagrees: a repeated key, half a surrogate pair and a number that would lose its value are errors, not surprises.
     */
    public static @Nullable Object parse(CharSequence text, Limits limits) throws JsonSyntaxException {
        if (text.length() > limits.characters()) {
            throw new JsonSyntaxException(
                    "the text has " + text.length() + " characters, the limit is " + limits.characters(),
                    limits.characters());
        }
        return new JsonReader(text, limits.depth()).document();
    }

    /** The same for a body as it came from the network. Anything but UTF-8 is refused, never replaced. */
    public static @Nullable Object parse(byte[] utf8, Limits limits) throws JsonSyntaxException {
        // One character never takes more than three bytes here (a pair of surrogates takes four): refuse before
        // decoding.
        if (utf8.length > 3L * limits.characters()) {
            throw new JsonSyntaxException(
                    "the text has " + utf8.length + " bytes, the limit is " + limits.characters() + " characters",
                    limits.characters());
        }
        try {
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)), limits);
        } catch (CharacterCodingException notUtf8) {
            throw new JsonSyntaxException("the text is not UTF-8", 0);
        }
    }

    /**
     * Appends the text in quotes. Escapes more than JSON asks for: what a terminal obeys (C1 controls, delete), what turns
     * text around (bidirectional controls) and what JavaScript takes for a line end, so that a line can be shown anywhere.
     */
    public static void quote(CharSequence text, StringBuilder out) {
        out.append('"');
        // A string as a whole is copied at once, a part of anything a character at a time.
        if (text instanceof String string && isPlain(string)) {
            out.append(string).append('"');
            return;
        }
        int clean = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '"' && c != '\\' && isHarmless(c)) {
                continue;
            }
            if (isPair(text, i)) {
                i++;
                continue;
            }
            out.append(text, clean, i);
            escape(c, out);
            clean = i + 1;
        }
        out.append(text, clean, text.length()).append('"');
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Whether a character may stand in a line of text as it is, on a terminal as in a file. */
    public static boolean isHarmless(char c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return c > 0x9f
                && !Character.isSurrogate(c)
                && !(c >= 0x2028 && c <= 0x202e)
                && !(c >= 0x2066 && c <= 0x2069)
                && c != 0x200e
                && c != 0x200f
                && c != 0xfeff;
    }

    private static boolean isPair(CharSequence text, int high) {
        return high + 1 < text.length() && Character.isSurrogatePair(text.charAt(high), text.charAt(high + 1));
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                // Half a surrogate pair has no UTF-8 form; the replacement character says that something was lost.
                char shown = Character.isSurrogate(c) ? '\ufffd' : c;
                out.append("\\u")
                        .append(HEX[shown >> 12])
                        .append(HEX[shown >> 8 & 15])
                        .append(HEX[shown >> 4 & 15])
                        .append(HEX[shown & 15]);
            }
        }
    }
}
