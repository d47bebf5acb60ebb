package com.foobar.webserver.answer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PURE. What a Range field asks for (RFC 9110, 14.1.2). A client may always be given the whole instead, so that is what it gets
 * for everything dubious: another unit, broken syntax, more ranges than allowed, ranges that overlap (a few bytes of request
 * would ask for gigabytes), or any of an empty file. Only ranges that are all beyond the end are refused.
 */
final class ByteRanges {

    private static final String UNIT = "bytes=";

    private ByteRanges() {}

    /** The ranges in the client's order; null for the whole; empty when none can be satisfied. */
    static @Nullable List<ByteRange> read(String field, long size, int most) {
        String text = field.trim();
        if (size == 0 || !text.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        List<ByteRange> ranges = new ArrayList<>(1);
        int given = 0;
        for (int from = UNIT.length(); from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            String one = text.substring(from, end).trim();
            from = end + 1;
            if (one.isEmpty()) {
                continue;
            }
            if (++given > most || !add(one, size, ranges)) {
                return null;
            }
        }
        return given == 0 || overlap(ranges) ? null : ranges;
    }

    /** False for broken syntax; a range beyond the end is fine and adds nothing. */
    private static boolean add(String one, long size, List<ByteRange> ranges) {
        int dash = one.indexOf('-');
        if (dash < 0) {
            return false;
        }
        String before = one.substring(0, dash).trim();
        String after = one.substring(dash + 1).trim();
        if (before.isEmpty()) {
            long suffix = number(after);
            if (suffix < 0) {
                return false;
            }
            if (suffix > 0) {
                ranges.add(new ByteRange(Math.max(0, size - suffix), size - 1));
            }
            return true;
        }
        long first = number(before);
        long last = after.isEmpty() ? Long.MAX_VALUE : number(after);
        if (first < 0 || last < first) {
            return false;
        }
        if (first < size) {
            ranges.add(new ByteRange(first, Math.min(last, size - 1)));
        }
        return true;
    }

    /** -1 when it is none; too large for a long is as good as endless. */
    private static long number(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = value > Long.MAX_VALUE / 10 - 1 ? Long.MAX_VALUE / 10 : value * 10 + digit - '0';
        }
        return value;
    }

    private static boolean overlap(List<ByteRange> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (ranges.get(i).overlaps(ranges.get(j))) {
                    return true;
                }
            }
        }
        return false;
    }
}
