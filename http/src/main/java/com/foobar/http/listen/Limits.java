package com.foobar.http.listen;

import java.time.Duration;

/**
 * Every limit of a listener, by name. What exceeds one is refused with the status that says which.
 *
 * @param headBytes request line and header fields together (431)
 * @param fields header fields of one request (431)
 * @param targetBytes the request target, query included (414)
 * @param chunkOverheadBytes chunk extensions and trailer fields of one body together (400)
 * @param connections open connections of all listeners of one {@link Listeners} (503 or a plain close)
 * @param connectionsPerAddress the same from one client address
 * @param head from the first byte of a head to its last, whatever the drip (408)
 * @param arrival a TLS handshake, a PROXY header: all that comes before HTTP
 * @param idle a connection that waits for a request, the first or the next
 * @param bodyGrace how long a body may be slower than {@code bodyBytesPerSecond} at its start
 * @param bodyBytesPerSecond what a body must bring on average, counting only the time the server waited for it (408)
 * @param stall how long a connection may make no progress at all while something is in flight: a client that does not read
 * @param linger how long a refused client is listened to, so that the refusal reaches it before the reset does
 * @param http2 limits that only HTTP/2 has
 */
public record Limits(
        int headBytes,
        int fields,
        int targetBytes,
        int chunkOverheadBytes,
        int connections,
        int connectionsPerAddress,
        Duration head,
        Duration arrival,
        Duration idle,
        Duration bodyGrace,
        int bodyBytesPerSecond,
        Duration stall,
        Duration linger,
        Http2 http2) {

    public static final Limits DEFAULT = new Limits(
            16 * 1024,
            100,
            8 * 1024,
            8 * 1024,
            10_000,
            1_000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            500,
            Duration.ofSeconds(120),
            Duration.ofSeconds(2),
            Http2.DEFAULT);

    public Limits {
        positive("headBytes", headBytes);
        positive("fields", fields);
        positive("targetBytes", targetBytes);
        positive("chunkOverheadBytes", chunkOverheadBytes);
        positive("connections", connections);
        positive("connectionsPerAddress", connectionsPerAddress);
        positive("head", head);
        positive("arrival", arrival);
        positive("idle", idle);
        positive("bodyGrace", bodyGrace);
        positive("bodyBytesPerSecond", bodyBytesPerSecond);
        positive("stall", stall);
        positive("linger", linger);
        if (targetBytes >= headBytes) {
            throw new IllegalArgumentException("limit targetBytes (" + targetBytes
                    + ") must be smaller than headBytes (" + headBytes + "): the target is part of the head");
        }
    }

    /**
     * Limits of one HTTP/2 connection.
     *
     * @param streams open streams of one connection; what exceeds it is refused
     * @param resets RST_STREAM frames taken from one client within {@code resetWindow}, then the connection is closed
     * @param resetWindow over which resets are counted
     * @param windowBytes flow-control window of a stream and of the connection: bounds what one connection can make us buffer
     * @param frameBytes the largest frame taken
     * @param tableBytes the HPACK table
     */
    public record Http2(
            int streams, int resets, Duration resetWindow, int windowBytes, int frameBytes, int tableBytes) {

        public static final Http2 DEFAULT =
                new Http2(128, 200, Duration.ofSeconds(30), 256 * 1024, 16 * 1024, 4 * 1024);

        public Http2 {
            positive("http2.streams", streams);
            positive("http2.resets", resets);
            positive("http2.resetWindow", resetWindow);
            positive("http2.windowBytes", windowBytes);
            positive("http2.tableBytes", tableBytes);
            if (frameBytes < 16_384 || frameBytes > 16_777_215) {
                throw new IllegalArgumentException(
                        "limit http2.frameBytes is " + frameBytes + "; RFC 9113 allows 16384 to 16777215");
            }
        }
    }

    public Limits withHead(int bytes, int most, int target) {
        return new Limits(
                bytes,
                most,
                target,
                chunkOverheadBytes,
                connections,
                connectionsPerAddress,
                head,
                arrival,
                idle,
                bodyGrace,
                bodyBytesPerSecond,
                stall,
                linger,
                http2);
    }

    public Limits withConnections(int overall, int perAddress) {
        return new Limits(
                headBytes,
                fields,
                targetBytes,
                chunkOverheadBytes,
                overall,
                perAddress,
                head,
                arrival,
                idle,
                bodyGrace,
                bodyBytesPerSecond,
                stall,
                linger,
                http2);
    }

    public Limits withPatience(Duration forHead, Duration forArrival, Duration forIdle) {
        return new Limits(
                headBytes,
                fields,
                targetBytes,
                chunkOverheadBytes,
                connections,
                connectionsPerAddress,
                forHead,
                forArrival,
                forIdle,
                bodyGrace,
                bodyBytesPerSecond,
                stall,
                linger,
                http2);
    }

    public Limits withBody(Duration grace, int bytesPerSecond) {
        return new Limits(
                headBytes,
                fields,
                targetBytes,
                chunkOverheadBytes,
                connections,
                connectionsPerAddress,
                head,
                arrival,
                idle,
                grace,
                bytesPerSecond,
                stall,
                linger,
                http2);
    }

    public Limits withStall(Duration longest) {
        return new Limits(
                headBytes,
                fields,
                targetBytes,
                chunkOverheadBytes,
                connections,
                connectionsPerAddress,
                head,
                arrival,
                idle,
                bodyGrace,
                bodyBytesPerSecond,
                longest,
                linger,
                http2);
    }

    public Limits withHttp2(Http2 other) {
        return new Limits(
                headBytes,
                fields,
                targetBytes,
                chunkOverheadBytes,
                connections,
                connectionsPerAddress,
                head,
                arrival,
                idle,
                bodyGrace,
                bodyBytesPerSecond,
                stall,
                linger,
                other);
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("limit " + name + " is " + value + "; it must be at least 1");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.toMillis() == 0) {
            throw new IllegalArgumentException("limit " + name + " is " + value + "; it must be at least 1 ms");
        }
    }
}
