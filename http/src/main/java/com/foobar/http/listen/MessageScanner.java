package com.foobar.http.listen;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * PURE. Reads the bytes of an HTTP/1 connection once, before Undertow does, and finds what Undertow no longer shows: folded
 * lines, bare line feeds, odd lengths, odd chunk framing. It keeps its own idea of where each message ends, so a message that
 * two readers could cut differently never reaches the second reader. Rejects, never repairs.
 *
 * <p>Runs of ordinary bytes are passed in tight loops, field values eight at a time; the bytes of a body are not looked at.
 */
final class MessageScanner {

    private static final int START = 0;
    private static final int METHOD = 1;
    private static final int TARGET = 2;
    private static final int VERSION = 3;
    private static final int REQUEST_LF = 4;
    private static final int FIELD = 5;
    private static final int NAME = 6;
    private static final int VALUE = 7;
    private static final int VALUE_LF = 8;
    private static final int HEAD_LF = 9;
    private static final int BODY = 10;
    private static final int SIZE = 11;
    private static final int EXTENSION = 12;
    private static final int SIZE_LF = 13;
    private static final int DATA = 14;
    private static final int DATA_CR = 15;
    private static final int DATA_LF = 16;
    private static final int OPAQUE = 17;
    private static final int FAULTY = 18;

    private static final byte[] VERSION_TEXT = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_METHOD_BYTES = 32;
    private static final int MOST_SIZE_DIGITS = 15;
    private static final long CONNECT = packed("CONNECT");
    private static final long TRACE = packed("TRACE");

    /** A heap array is read three times faster than a direct buffer; one for each thread, as each scan ends before the next. */
    private static final ThreadLocal<byte[]> COPIES = ThreadLocal.withInitial(() -> new byte[16 * 1024]);

    private final Limits limits;
    private final Framing framing = new Framing();

    private int state = START;
    private @Nullable Fault fault;
    private boolean faultInBody;
    private long messages;
    private long method;
    private int count;
    private int fields;
    private long headBytes;
    private long overhead;
    private long remaining;
    private long bodyBytes;
    private boolean trailers;
    private boolean begunHere;

    /** Where the message that is being read begins in the bytes at hand; before it, everything may pass. */
    private int messageStart;

    /** Where the part of the head that is not counted yet begins in the bytes at hand. */
    private int headStart;

    MessageScanner(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads the bytes between two indices. Returns the index up to which they may be passed on: {@code to} when all is well,
     * the beginning of the faulty message otherwise.
     */
    int scan(ByteBuffer bytes, int from, int to) {
        if (state == OPAQUE) {
            return to;
        }
        begunHere = false;
        // The bytes of a body need no look and no copy.
        int base = state == BODY ? body(from, to, START) : state == DATA ? body(from, to, DATA_CR) : from;
        if (base == to) {
            return to;
        }
        int size = to - base;
        byte[] copy = COPIES.get();
        if (copy.length < size) {
            copy = new byte[size];
            COPIES.set(copy);
        }
        bytes.get(base, copy, 0, size);
        messageStart = from - base;
        scan(copy, size);
        return state == FAULTY ? base + messageStart : to;
    }

    private void scan(byte[] bytes, int to) {
        headStart = 0;
        int at = 0;
        while (at < to) {
            at = step(bytes, at, to);
        }
        if (inHead()) {
            countHead(to);
        } else if (trailers) {
            countTrailers(to);
        }
    }

    @Nullable
    Fault fault() {
        return fault;
    }

    /** The head of the faulty message was good and may have reached a handler already. */
    boolean faultInBody() {
        return faultInBody;
    }

    /** Between two messages: nothing of the next one has come. */
    boolean between() {
        return state == START;
    }

    boolean inHead() {
        return state >= METHOD && state <= HEAD_LF && !trailers;
    }

    boolean inBody() {
        return (state >= BODY && state <= DATA_LF) || (trailers && state <= HEAD_LF);
    }

    /** How many messages have begun: tells one message from the next without keeping it. */
    long messages() {
        return messages;
    }

    /** Bytes of the present body that have arrived, framing included. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** From here on the connection speaks another protocol, which is not this class's to judge. */
    void opaque() {
        state = OPAQUE;
    }

    private int step(byte[] bytes, int at, int to) {
        return switch (state) {
            case START -> begin(at);
            case METHOD -> method(bytes, at, to);
            case TARGET -> target(bytes, at, to);
            case VERSION -> version(bytes[at], at, to);
            case REQUEST_LF, VALUE_LF -> lineFeed(bytes[at], at, to);
            case FIELD -> field(bytes[at], at, to);
            case NAME -> name(bytes, at, to);
            case VALUE -> value(bytes, at, to);
            case HEAD_LF -> headEnd(bytes[at], at, to);
            case BODY -> body(at, to, START);
            case DATA -> body(at, to, DATA_CR);
            case OPAQUE, FAULTY -> to;
            default -> chunk(bytes[at] & 0xff, at, to);
        };
    }

    private int begin(int at) {
        messageStart = at;
        headStart = at;
        messages++;
        begunHere = true;
        method = 0;
        count = 0;
        fields = 0;
        headBytes = 0;
        overhead = 0;
        bodyBytes = 0;
        framing.reset();
        state = METHOD;
        return at;
    }

    private int method(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            int octet = bytes[at] & 0xff;
            if (Octets.TOKEN[octet] && count < MOST_METHOD_BYTES) {
                method = method << 8 | octet;
                count++;
            } else if (octet == ' ' && count > 0) {
                // CONNECT would make a tunnel of us, TRACE would echo headers that other tiers added.
                if ((count == 7 && method == CONNECT) || (count == 5 && method == TRACE)) {
                    return refuse(Fault.UNKNOWN_METHOD, to);
                }
                count = 0;
                state = TARGET;
                return at + 1;
            } else {
                return refuse(Fault.MALFORMED, to);
            }
        }
        return to;
    }

    private int target(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Octets.TARGET[bytes[at] & 0xff]) {
            at++;
        }
        count += at - from;
        if (count > limits.targetBytes()) {
            return refuse(Fault.URI_TOO_LONG, to);
        }
        if (at == to) {
            return to;
        }
        if (bytes[at] != ' ' || count == 0) {
            return refuse(bytes[at] == '\n' ? Fault.BAD_LINE_END : Fault.MALFORMED, to);
        }
        count = 0;
        state = VERSION;
        return at + 1;
    }

    private int version(byte octet, int at, int to) {
        if (count < VERSION_TEXT.length) {
            if (octet != VERSION_TEXT[count++]) {
                return refuse(count == 6 && Octets.digit(octet) ? Fault.UNKNOWN_VERSION : Fault.MALFORMED, to);
            }
            return at + 1;
        }
        if (count == VERSION_TEXT.length) {
            if (octet != '0' && octet != '1') {
                return refuse(Octets.digit(octet) ? Fault.UNKNOWN_VERSION : Fault.MALFORMED, to);
            }
            framing.version11 = octet == '1';
            count++;
            return at + 1;
        }
        if (octet != '\r') {
            return refuse(octet == '\n' ? Fault.BAD_LINE_END : Fault.MALFORMED, to);
        }
        state = REQUEST_LF;
        return at + 1;
    }

    private int lineFeed(byte octet, int at, int to) {
        if (octet != '\n') {
            return refuse(Fault.BAD_LINE_END, to);
        }
        state = FIELD;
        return at + 1;
    }

    private int field(byte octet, int at, int to) {
        if (octet == '\r') {
            state = HEAD_LF;
            return at + 1;
        }
        if (octet == ' ' || octet == '\t') {
            return refuse(Fault.OBSOLETE_FOLD, to);
        }
        if (++fields > limits.fields()) {
            return refuse(Fault.TOO_MANY_FIELDS, to);
        }
        count = 0;
        framing.nameBegins();
        state = NAME;
        return at;
    }

    private int name(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && framing.nameMayBeWatched() && Octets.TOKEN[bytes[at] & 0xff]) {
            framing.nameGoesOn(count++, bytes[at++]);
        }
        int rest = at;
        while (at < to && Octets.TOKEN[bytes[at] & 0xff]) {
            at++;
        }
        count += at - rest;
        if (at == to) {
            return to;
        }
        if (bytes[at] != ':' || count == 0) {
            return refuse(bytes[at] == '\n' ? Fault.BAD_LINE_END : Fault.MALFORMED, to);
        }
        Fault found = framing.nameEnds(count, trailers);
        if (found != null) {
            return refuse(found, to);
        }
        state = VALUE;
        return at + 1;
    }

    private int value(byte[] bytes, int from, int to) {
        int at = from;
        if (framing.watched()) {
            while (at < to && Octets.VALUE[bytes[at] & 0xff]) {
                framing.valueGoesOn(bytes[at++]);
            }
        } else {
            at = Octets.valueEnd(bytes, at, to);
        }
        if (at == to) {
            return to;
        }
        if (bytes[at] != '\r') {
            return refuse(bytes[at] == '\n' ? Fault.BAD_LINE_END : Fault.MALFORMED, to);
        }
        Fault found = framing.valueEnds();
        if (found != null) {
            return refuse(found, to);
        }
        state = VALUE_LF;
        return at + 1;
    }

    private int headEnd(byte octet, int at, int to) {
        if (octet != '\n') {
            return refuse(Fault.BAD_LINE_END, to);
        }
        if (trailers) {
            countTrailers(at + 1);
            trailers = false;
            state = state == FAULTY ? FAULTY : START;
            return at + 1;
        }
        countHead(at + 1);
        Fault found = fault != null ? fault : framing.headEnds();
        if (found != null) {
            return refuse(found, to);
        }
        if (framing.chunked()) {
            sizeBegins();
        } else {
            remaining = framing.length();
            state = remaining > 0 ? BODY : START;
        }
        return at + 1;
    }

    private int body(int at, int to, int next) {
        int taken = (int) Math.min(remaining, to - at);
        remaining -= taken;
        bodyBytes += taken;
        if (remaining == 0) {
            state = next;
        }
        return at + taken;
    }

    /** One octet of what stands around the data of chunks. */
    private int chunk(int octet, int at, int to) {
        bodyBytes++;
        boolean good =
                switch (state) {
                    case SIZE -> size(octet);
                    case EXTENSION -> extension(octet);
                    case SIZE_LF -> octet == '\n' && dataBegins(at + 1);
                    case DATA_CR -> octet == '\r' && turn(DATA_LF);
                    default -> octet == '\n' && sizeBegins();
                };
        return good ? at + 1 : refuse(Fault.BAD_CHUNK, to);
    }

    private boolean turn(int next) {
        state = next;
        return true;
    }

    private boolean sizeBegins() {
        count = 0;
        remaining = 0;
        return turn(SIZE);
    }

    private boolean size(int octet) {
        int digit = Octets.hex(octet);
        if (digit >= 0 && count < MOST_SIZE_DIGITS) {
            remaining = remaining << 4 | digit;
            count++;
            return true;
        }
        if (count > 0 && octet == ';') {
            return turn(EXTENSION);
        }
        return count > 0 && octet == '\r' && turn(SIZE_LF);
    }

    private boolean extension(int octet) {
        if (octet == '\r') {
            return turn(SIZE_LF);
        }
        return Octets.VALUE[octet] && ++overhead <= limits.chunkOverheadBytes();
    }

    private boolean dataBegins(int at) {
        if (remaining > 0) {
            return turn(DATA);
        }
        trailers = true;
        fields = 0;
        headStart = at;
        return turn(FIELD);
    }

    private void countHead(int upTo) {
        headBytes += upTo - headStart;
        headStart = upTo;
        if (headBytes > limits.headBytes() && state != FAULTY) {
            refuse(Fault.HEAD_TOO_LARGE, upTo);
        }
    }

    private void countTrailers(int upTo) {
        overhead += upTo - headStart;
        headStart = upTo;
        if (overhead > limits.chunkOverheadBytes() && state != FAULTY) {
            refuse(Fault.BAD_CHUNK, upTo);
        }
    }

    private int refuse(Fault found, int to) {
        faultInBody = inBody() && !begunHere;
        fault = trailers ? Fault.BAD_CHUNK : found;
        state = FAULTY;
        return to;
    }

    private static long packed(String text) {
        long packed = 0;
        for (byte octet : text.getBytes(StandardCharsets.US_ASCII)) {
            packed = packed << 8 | octet;
        }
        return packed;
    }
}
