package com.foobar.kernel.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the little DER that X.509 certificates and PKCS#8 keys are made of. Every method returns one whole element. */
final class Der {

    static final int SEQUENCE = 0x30;
    static final int OCTET_STRING = 0x04;
    static final int CONTEXT = 0x80;
    static final int CONSTRUCTED = 0x20;

    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT);

    private Der() {}

    static byte[] sequence(byte[]... elements) {
        return element(SEQUENCE, concat(elements));
    }

    static byte[] set(byte[]... elements) {
        return element(0x31, concat(elements));
    }

    static byte[] integer(BigInteger value) {
        return element(0x02, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] bool(boolean value) {
        return element(0x01, new byte[] {(byte) (value ? 0xff : 0)});
    }

    static byte[] octets(byte[] content) {
        return element(OCTET_STRING, content);
    }

    static byte[] bits(byte[] content) {
        return bits(content, 0);
    }

    static byte[] bits(byte[] content, int unusedBits) {
        return element(0x03, concat(new byte[] {(byte) unusedBits}, content));
    }

    static byte[] nothing() {
        return element(0x05);
    }

    /** {@code [number] EXPLICIT}: wraps a whole element. */
    static byte[] explicit(int number, byte[] element) {
        return element(CONTEXT | CONSTRUCTED | number, element);
    }

    /** {@code [number] IMPLICIT} of a primitive type: the tag replaces the type's own. */
    static byte[] implicit(int number, byte[] content) {
        return element(CONTEXT | number, content);
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(Integer.parseInt(arcs[i]), out);
        }
        return element(0x06, out.toByteArray());
    }

    /** RFC 5280 asks for two digits of the year until 2049 and for four from 2050, both without fractions. */
    static byte[] time(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        boolean shortYear = utc.getYear() < 2050;
        String text = (shortYear ? UTC_TIME : GENERALIZED_TIME).format(utc);
        return element(shortYear ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] element(int tag, byte... content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int zero = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - zero));
            out.write(length, zero, length.length - zero);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void base128(int value, ByteArrayOutputStream out) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (value >>> shift != 0) {
                out.write(((value >>> shift) & 0x7f) | 0x80);
            }
        }
        out.write(value & 0x7f);
    }
}
