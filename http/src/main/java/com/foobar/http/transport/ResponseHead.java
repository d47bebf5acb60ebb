package com.foobar.http.transport;

import com.foobar.http.transport.FieldNames.Kind;
import com.foobar.http.transport.FieldNames.Name;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of response heads, and the fields of the last one it read. It never guesses: whatever two parsers could
 * understand differently is garbage. One per I/O thread; the fields are good until the next call.
 */
final class ResponseHead {
    static final int MAX_BYTES = 16 * 1024;
    static final int MAX_FIELDS = 100;
    static final int INCOMPLETE = 0;
    static final int GARBAGE = -1;

    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '!'; c <= '~'; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private final FieldNames names = new FieldNames();
    private final @Nullable Name[] name = new Name[MAX_FIELDS];
    private final @Nullable String[] value = new String[MAX_FIELDS];
    private int count;
    private int at;
    private int hash;
    private List<HttpString> named = List.of();
    private boolean upgrades;
    private boolean closes;

    int status;
    /** -1 if there was none. */
    long contentLength;

    boolean chunked;
    boolean persistent;
    String complaint = "";

    /** The length of the head at the beginning of the bytes, INCOMPLETE, or GARBAGE with a complaint. */
    int parse(byte[] bytes, int length) {
        count = 0;
        at = 0;
        contentLength = -1;
        chunked = false;
        upgrades = false;
        closes = false;
        named = List.of();
        int result = statusLine(bytes, length);
        while (result > 0) {
            if (at + 1 >= length) {
                return length > at && bytes[at] != '\r' && !TOKEN[bytes[at] & 0xff] ? complain("a bad field name") : 0;
            }
            if (bytes[at] == '\r') {
                return bytes[at + 1] == '\n' ? framing(at + 2) : complain("a bare CR");
            }
            result = field(bytes, length);
        }
        return result;
    }

    private int complain(String about) {
        complaint = about;
        return GARBAGE;
    }

    private int statusLine(byte[] b, int length) {
        String start = "HTTP/1.";
        for (int i = 0; i < start.length() && i < length; i++) {
            if (b[i] != start.charAt(i)) {
                return complain("no status line of HTTP/1");
            }
        }
        if (length < 14) {
            return INCOMPLETE;
        }
        int minor = b[7] - '0';
        if ((minor != 0 && minor != 1) || b[8] != ' ') {
            return complain("an unknown version");
        }
        int hundreds = b[9] - '0';
        int tens = b[10] - '0';
        int ones = b[11] - '0';
        if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) {
            return complain("a bad status code");
        }
        status = hundreds * 100 + tens * 10 + ones;
        persistent = minor == 1;
        // Some servers leave out the space before an empty reason; nothing can be misread then.
        if (b[12] != ' ' && b[12] != '\r') {
            return complain("a bad status code");
        }
        return endOfLine(b, 12, length);
    }

    /** Moves to the byte after the line that goes on at from. */
    private int endOfLine(byte[] b, int from, int length) {
        int i = from;
        while (i < length && (b[i] >= ' ' ? b[i] != 0x7f : b[i] == '\t' || b[i] < 0)) {
            i++;
        }
        if (i >= length || (b[i] == '\r' && i + 1 >= length)) {
            return INCOMPLETE;
        }
        if (b[i] != '\r' || b[i + 1] != '\n') {
            return complain("a control character or a line without CR LF");
        }
        at = i + 2;
        return 1;
    }

    private int field(byte[] b, int length) {
        int begin = at;
        int colon = begin;
        hash = 0;
        while (colon < length && TOKEN[b[colon] & 0xff]) {
            hash = hash * 31 + b[colon];
            colon++;
        }
        if (colon >= length) {
            return INCOMPLETE;
        }
        if (b[colon] != ':' || colon == begin) {
            return complain(b[begin] == ' ' || b[begin] == '\t' ? "a folded line" : "a bad field name");
        }
        int from = colon + 1;
        int result = endOfLine(b, from, length);
        if (result <= 0) {
            return result;
        }
        int to = at - 2;
        while (from < to && (b[from] == ' ' || b[from] == '\t')) {
            from++;
        }
        while (to > from && (b[to - 1] == ' ' || b[to - 1] == '\t')) {
            to--;
        }
        return keep(names.name(b, begin, colon, hash), b, from, to);
    }

    private int keep(Name field, byte[] b, int from, int to) {
        if (count == MAX_FIELDS) {
            return complain("more than " + MAX_FIELDS + " fields");
        }
        String text = field.value(b, from, to);
        name[count] = field;
        value[count++] = text;
        return switch (field.kind) {
            case CONTENT_LENGTH -> contentLength(text);
            case TRANSFER_ENCODING -> {
                if (chunked || !text.equalsIgnoreCase("chunked") || !persistent) {
                    yield complain("a Transfer-Encoding other than chunked");
                }
                chunked = true;
                yield 1;
            }
            case CONNECTION -> {
                if (text.equals("keep-alive")) {
                    yield 1; // what most servers say most of the time
                }
                closes |= HopByHop.hasToken(text, "close");
                upgrades |= HopByHop.hasToken(text, "upgrade");
                named = HopByHop.named(text, named);
                yield 1;
            }
            case PLAIN, UPGRADE, HOP_BY_HOP -> 1;
        };
    }

    private int contentLength(String text) {
        if (contentLength >= 0) {
            return complain("several Content-Length fields");
        }
        // 18 digits are below the largest long, and no honest body is longer.
        if (text.isEmpty() || text.length() > 18) {
            return complain("a bad Content-Length");
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return complain("a bad Content-Length");
            }
            length = length * 10 + digit;
        }
        contentLength = length;
        return 1;
    }

    private int framing(int length) {
        if (chunked && contentLength >= 0) {
            return complain("both Content-Length and Transfer-Encoding");
        }
        if (length > MAX_BYTES) {
            return complain("a head of more than " + MAX_BYTES + " bytes");
        }
        persistent &= !closes;
        return length;
    }

    /** Whether this switches protocols as it should. */
    boolean switches() {
        return status == 101 && upgrades;
    }

    /** Adds what is meant for the client. */
    void passOn(HeaderMap headers) {
        for (int i = 0; i < count; i++) {
            Name field = name[i];
            String text = value[i];
            if (field == null || text == null) {
                continue;
            }
            boolean goes = field.kind == Kind.PLAIN
                    || field.kind == Kind.CONTENT_LENGTH
                    || (field.kind == Kind.UPGRADE && status == 101);
            if (goes && (named.isEmpty() || status == 101 || !named.contains(field.text))) {
                headers.add(field.text, text);
            }
        }
    }
}
