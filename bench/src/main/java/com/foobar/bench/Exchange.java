package com.foobar.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One keep-alive connection of the open loop: at most one request is under way on it. For the loop's thread. */
final class Exchange {

    private static final int HEAD_LIMIT = 16 * 1024;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final Pattern LENGTH = Pattern.compile("\\r\\ncontent-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
    private static final String GOOD = "HTTP/1.1 200 ";

    private final SocketChannel channel;
    private final ByteBuffer request;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_LIMIT);

    /** Bytes of the body still to come, or -1 while the head is being read. */
    private long bodyLeft = -1;

    private long intended;

    Exchange(SocketChannel channel, byte[] request) {
        this.channel = channel;
        this.request = ByteBuffer.wrap(request);
    }

    /** The moment at which the request under way should have been sent. */
    long intended() {
        return intended;
    }

    void send(long intendedNanos) throws IOException {
        intended = intendedNanos;
        bodyLeft = -1;
        head.clear();
        request.rewind();
        if (channel.write(request) < request.limit()) {
            throw new IOException("a request of " + request.limit() + " bytes did not fit into an idle connection");
        }
    }

    /** Reads what has come; true when the answer is complete. */
    boolean receive(ByteBuffer scratch) throws IOException {
        while (true) {
            scratch.clear();
            int read = channel.read(scratch);
            if (read < 0) {
                throw new IOException("the server closed a keep-alive connection");
            }
            if (read == 0) {
                return false;
            }
            if (take(scratch.flip())) {
                return true;
            }
        }
    }

    private boolean take(ByteBuffer bytes) throws IOException {
        if (bodyLeft < 0) {
            readHead(bytes);
        }
        if (bodyLeft < 0) {
            return false;
        }
        bodyLeft -= bytes.remaining();
        if (bodyLeft < 0) {
            throw new IOException("more came than the announced length");
        }
        return bodyLeft == 0;
    }

    /** Byte by byte to the empty line; what follows stays in the buffer and is the body's. */
    private void readHead(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (!head.hasRemaining()) {
                throw new IOException("a head of more than " + HEAD_LIMIT + " bytes");
            }
            head.put(bytes.get());
            if (headIsComplete()) {
                bodyLeft = length(new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1));
                return;
            }
        }
    }

    private boolean headIsComplete() {
        int end = head.position();
        if (end < HEAD_END.length) {
            return false;
        }
        for (int i = 0; i < HEAD_END.length; i++) {
            if (head.get(end - HEAD_END.length + i) != HEAD_END[i]) {
                return false;
            }
        }
        return true;
    }

    private static long length(String head) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith(GOOD) || !length.find()) {
            throw new IOException(
                    "not a 200 with a length: " + head.lines().findFirst().orElse(""));
        }
        return Long.parseLong(length.group(1));
    }
}
