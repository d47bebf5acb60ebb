package com.foobar.http.transport;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the data in a chunked body, in place. Strict: CR LF everywhere, sizes of at most 15 digits, bounded extensions. */
final class ChunkDecoder {
    static final int MORE = 0;
    static final int END = -1;
    static final int GARBAGE = -2;

    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_TRAILERS = 8192;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int line;
    private @Nullable StringBuilder trailerText;
    private @Nullable HeaderMap trailers;

    void reset() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        line = 0;
        trailerText = null;
        trailers = null;
    }

    /** Those of the finished body that are meant for the client. */
    @Nullable
    HeaderMap trailers() {
        return trailers;
    }

    /** How many bytes of data are at the buffer's position now, or MORE, END or GARBAGE. */
    int next(ByteBuffer in) {
        while (state == State.DATA || in.hasRemaining()) {
            if (state == State.DATA) {
                return (int) Math.min(size, in.remaining());
            }
            int result = state == State.TRAILERS ? trailer((char) (in.get() & 0xff)) : framing(in.get());
            if (result != MORE) {
                return result;
            }
        }
        return MORE;
    }

    /** So many bytes of data were taken. */
    void took(int bytes) {
        size -= bytes;
        if (size == 0) {
            state = State.DATA_CR;
        }
    }

    private int framing(byte b) {
        return switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                state = size == 0 ? State.TRAILERS : State.DATA;
                yield b == '\n' && digits > 0 ? MORE : GARBAGE;
            }
            case DATA_CR -> {
                state = State.DATA_LF;
                yield b == '\r' ? MORE : GARBAGE;
            }
            case DATA_LF -> {
                state = State.SIZE;
                digits = 0;
                line = 0;
                yield b == '\n' ? MORE : GARBAGE;
            }
            case DATA, TRAILERS -> throw new IllegalStateException("no framing in " + state);
        };
    }

    private int extension(byte b) {
        if (b == '\r') {
            state = State.SIZE_LF;
            return MORE;
        }
        boolean control = b >= 0 && b < ' ' && b != '\t';
        return control || b == 0x7f || ++line > LONGEST_LINE ? GARBAGE : MORE;
    }

    private int size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            size = size << 4 | digit;
            return ++digits > 15 ? GARBAGE : MORE;
        }
        if (b == '\r') {
            state = State.SIZE_LF;
            return MORE;
        }
        state = State.EXTENSION;
        return digits > 0 && (b == ';' || b == ' ' || b == '\t') ? MORE : GARBAGE;
    }

    private int trailer(char c) {
        StringBuilder text = trailerText;
        if (text == null) {
            text = new StringBuilder();
            trailerText = text;
        }
        text.append(c);
        int length = text.length();
        if (length > LONGEST_TRAILERS) {
            return GARBAGE;
        }
        if (c != '\n') {
            return MORE;
        }
        if (length < 2 || text.charAt(length - 2) != '\r') {
            return GARBAGE;
        }
        boolean last = length == 2 || text.charAt(length - 3) == '\n';
        return last ? finish(text.toString().getBytes(StandardCharsets.ISO_8859_1)) : MORE;
    }

    private int finish(byte[] text) {
        if (text.length > 2) {
            HeaderMap found = new HeaderMap();
            int begin = 0;
            for (int i = 0; i + 2 < text.length; i++) {
                if (text[i] == '\r' && text[i + 1] == '\n') {
                    if (!field(new String(text, begin, i - begin, StandardCharsets.ISO_8859_1), found)) {
                        return GARBAGE;
                    }
                    begin = i + 2;
                }
            }
            trailers = found;
        }
        return END;
    }

    private static boolean field(String line, HeaderMap into) {
        int colon = line.indexOf(':');
        if (colon < 1 || line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.indexOf(0) >= 0) {
            return false;
        }
        for (int i = 0; i < colon; i++) {
            if (line.charAt(i) <= ' ' || line.charAt(i) > '~') {
                return false;
            }
        }
        HttpString name = new HttpString(line.substring(0, colon));
        if (HopByHop.allowedInTrailers(name)) {
            into.add(name, line.substring(colon + 1).strip());
        }
        return true;
    }
}
