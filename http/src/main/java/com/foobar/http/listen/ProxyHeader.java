package com.foobar.http.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * PURE. The PROXY protocol, versions 1 and 2, as HAProxy's document describes it: who the client is, told by a balancer before
 * the first byte of the client.
 *
 * @param state whether the bytes are a header, the beginning of one, or neither
 * @param size how many bytes the header takes
 * @param source the client, when the header names one: a balancer that checks our health names none
 * @param destination where the client connected to
 */
record ProxyHeader(State state, int size, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {

    enum State {
        COMPLETE,
        PARTIAL,
        MALFORMED
    }

    private static final ProxyHeader PARTIAL = new ProxyHeader(State.PARTIAL, 0, null, null);
    private static final ProxyHeader MALFORMED = new ProxyHeader(State.MALFORMED, 0, null, null);
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int MOST_TEXT = 107;
    private static final int BINARY_HEAD = 16;

    /** Extensions (TLVs) are skipped, but a header that does not fit a small buffer is not a header. */
    private static final int MOST_BINARY = 4096;

    /** Reads the header at the position of the buffer, which stays where it is. */
    static ProxyHeader read(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return PARTIAL;
        }
        byte first = bytes.get(bytes.position());
        if (first == TEXT[0]) {
            return begins(bytes, TEXT) ? text(bytes) : MALFORMED;
        }
        return first == BINARY[0] && begins(bytes, BINARY) ? binary(bytes) : MALFORMED;
    }

    private static boolean begins(ByteBuffer bytes, byte[] with) {
        int size = Math.min(with.length, bytes.remaining());
        for (int i = 0; i < size; i++) {
            if (bytes.get(bytes.position() + i) != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static ProxyHeader text(ByteBuffer bytes) {
        int from = bytes.position();
        int end = Math.min(bytes.limit(), from + MOST_TEXT);
        for (int at = from; at < end; at++) {
            byte octet = bytes.get(at);
            if (octet == '\n') {
                return at > from && bytes.get(at - 1) == '\r' ? line(bytes, from, at + 1) : MALFORMED;
            }
            if (octet != '\r' && (octet < 0x20 || octet > 0x7e)) {
                return MALFORMED;
            }
        }
        return end == from + MOST_TEXT ? MALFORMED : PARTIAL;
    }

    private static ProxyHeader line(ByteBuffer bytes, int from, int to) {
        byte[] octets = new byte[to - from - 2];
        bytes.get(from, octets);
        String[] words = new String(octets, StandardCharsets.US_ASCII).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader(State.COMPLETE, to - from, null, null);
        }
        boolean four = words[1].equals("TCP4");
        if (words.length != 6 || (!four && !words[1].equals("TCP6"))) {
            return MALFORMED;
        }
        InetSocketAddress source = address(words[2], words[4], four);
        InetSocketAddress destination = address(words[3], words[5], four);
        return source == null || destination == null
                ? MALFORMED
                : new ProxyHeader(State.COMPLETE, to - from, source, destination);
    }

    private static @Nullable InetSocketAddress address(String host, String port, boolean four) {
        InetAddress address = four ? IpText.four(host) : IpText.six(host);
        int number = port(port);
        return address == null || number < 0 ? null : new InetSocketAddress(address, number);
    }

    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!Octets.digit(text.charAt(i))) {
                return -1;
            }
            port = port * 10 + text.charAt(i) - '0';
        }
        return port <= 65_535 ? port : -1;
    }

    private static ProxyHeader binary(ByteBuffer bytes) {
        if (bytes.remaining() < BINARY_HEAD) {
            return PARTIAL;
        }
        int at = bytes.position() + BINARY.length;
        int command = bytes.get(at) & 0xff;
        int family = bytes.get(at + 1) & 0xff;
        int length = (bytes.get(at + 2) & 0xff) << 8 | (bytes.get(at + 3) & 0xff);
        if ((command != 0x20 && command != 0x21) || length > MOST_BINARY) {
            return MALFORMED;
        }
        int size = BINARY_HEAD + length;
        if (bytes.remaining() < size) {
            return PARTIAL;
        }
        if (command == 0x20 || family == 0x00) {
            return new ProxyHeader(State.COMPLETE, size, null, null);
        }
        int octets = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
        if (octets == 0 || length < 2 * octets + 4) {
            return MALFORMED;
        }
        int addresses = bytes.position() + BINARY_HEAD;
        int ports = addresses + 2 * octets;
        return new ProxyHeader(
                State.COMPLETE,
                size,
                address(bytes, addresses, octets, ports),
                address(bytes, addresses + octets, octets, ports + 2));
    }

    private static InetSocketAddress address(ByteBuffer bytes, int at, int octets, int port) {
        byte[] address = new byte[octets];
        bytes.get(at, address);
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(address), (bytes.get(port) & 0xff) << 8 | (bytes.get(port + 1) & 0xff));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + octets + " octets is always one", e);
        }
    }
}
