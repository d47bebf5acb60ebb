package com.foobar.http.transport;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.channels.StreamSinkChannel;

/** The response on its way to the client, through one buffer that is held only while there are bytes in it. */
final class Download {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    // Then others have their turn: a fast backend and a fast client would keep this thread to themselves for seconds.
    private static final int ROUNDS = 8;

    private static final int OVER = -1;

    private final Leg leg;
    private final ChunkDecoder chunks = new ChunkDecoder();
    private final ChannelListener<StreamSinkChannel> frontWritable = this::frontWritable;
    private @Nullable HttpServerExchange exchange;
    private @Nullable StreamSinkChannel front;
    private @Nullable ByteBuffer in;
    private Framing framing = Framing.NONE;
    private long remaining;
    private boolean persistent;
    private boolean lastChunk;
    private boolean finishing;
    private boolean blocked;
    private boolean resumed;
    /** Whether the last read filled the buffer, so that there was more to be had. */
    private boolean full;

    Download(Leg leg) {
        this.leg = leg;
    }

    /** Whether it waits for the client to take bytes. */
    boolean blocked() {
        return blocked;
    }

    @Nullable
    StreamSinkChannel channel() {
        return front;
    }

    void begin(HttpServerExchange one, ResponseHead head, HttpString method, ByteBuffer rest) {
        exchange = one;
        in = rest;
        finishing = false;
        blocked = false;
        full = false;
        persistent = head.persistent;
        frame(head, method);
        StreamSinkChannel channel = one.getResponseChannel();
        if (channel == null) {
            leg.fail(Cause.FAULT, "another handler has taken the response");
            return;
        }
        front = channel;
        leg.progress.phase = Phase.RESPONSE_PARTLY_PASSED_ON;
        if (unpack(rest)) {
            pump();
        }
    }

    private void frame(ResponseHead head, HttpString method) {
        int status = head.status;
        if (method.equals(Methods.HEAD) || status == 204 || status == 304) {
            framing = Framing.NONE;
        } else if (head.chunked) {
            framing = Framing.CHUNKED;
            chunks.reset();
            lastChunk = false;
        } else if (head.contentLength >= 0) {
            framing = Framing.LENGTH;
            remaining = head.contentLength;
        } else {
            framing = Framing.UNTIL_CLOSE;
            persistent = false;
        }
    }

    void backendReadable() {
        if (blocked || finishing) {
            // Back pressure: what is not read stays in the backend's socket until the client has taken what there is.
            leg.source().suspendReads();
        } else {
            pump();
        }
    }

    private void frontWritable(StreamSinkChannel channel) {
        channel.suspendWrites();
        if (exchange == null || channel != front) {
            return;
        }
        if (finishing) {
            finish();
            return;
        }
        blocked = false;
        resumed = true;
        pump();
        resumed = false;
        if (exchange != null && !blocked && !finishing) {
            leg.source().resumeReads();
        }
    }

    private void pump() {
        try {
            for (int round = 0; exchange != null && !blocked && !finishing; round++) {
                if (!passOn() || blocked || finishing) {
                    return;
                }
                // Reading is still on, so what stays in the socket brings us here again.
                if (round == ROUNDS || !read()) {
                    letGo();
                    return;
                }
            }
        } catch (IOException clientLost) {
            leg.breakFront(Cause.CLIENT_GONE, "while taking the response: " + clientLost.getMessage());
        }
    }

    /**
     * More will come, nobody knows when: what there is must not wait for it. Neither the head of an answer without a body yet,
     * nor a frame of HTTP/2 leaves by being written.
     */
    private void letGo() throws IOException {
        if (exchange != null && !blocked && !finishing && !front().flush()) {
            awaitFront(front());
        }
    }

    private void awaitFront(StreamSinkChannel channel) {
        blocked = true;
        channel.getWriteSetter().set(frontWritable);
        channel.resumeWrites();
    }

    /** Fills the empty buffer; false if there is nothing to be had now. */
    private boolean read() {
        ByteBuffer buffer = in;
        if (buffer == null) {
            buffer = leg.lane.takeBuffer();
            in = buffer;
        } else if (full) {
            buffer = leg.lane.enlarge(buffer);
            in = buffer;
        }
        buffer.clear();
        int n;
        try {
            n = leg.source().read(buffer);
        } catch (IOException lost) {
            leg.fail(Cause.RESET, "in the body of the response: " + lost.getMessage());
            return false;
        }
        full = n == buffer.capacity();
        buffer.flip();
        if (n > 0) {
            leg.progress.received += n;
            leg.progress.lastByte = leg.lane.time.nanos();
            return unpack(buffer);
        }
        if (n == 0) {
            dropIn();
            return false;
        }
        if (framing == Framing.UNTIL_CLOSE) {
            finish();
        } else {
            leg.fail(Cause.RESET, "the backend closed in the middle of the body");
        }
        return false;
    }

    /**
     * Takes the chunks off, in place: the data moves together, so that many small chunks leave in one write, and the last of them
     * together with the end. False if there is no making sense of it.
     */
    private boolean unpack(ByteBuffer buffer) {
        if (framing != Framing.CHUNKED) {
            return true;
        }
        int begin = buffer.position();
        int end = begin;
        int run = chunks.next(buffer);
        for (; run > 0; run = chunks.next(buffer)) {
            int at = buffer.position();
            if (at != end) {
                buffer.put(end, buffer, at, run);
            }
            buffer.position(at + run);
            chunks.took(run);
            end += run;
        }
        if (run == ChunkDecoder.GARBAGE) {
            leg.fail(Cause.GARBAGE, "a bad chunk");
            return false;
        }
        lastChunk = run == ChunkDecoder.END;
        if (lastChunk) {
            // Bytes after the response are answers nobody asked for: such a connection is not used again.
            persistent &= !buffer.hasRemaining();
            HeaderMap trailers = chunks.trailers();
            if (trailers != null && exchange != null) {
                exchange.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
            }
        }
        buffer.position(begin).limit(end);
        return true;
    }

    /** Passes on what is in the buffer; false if the response is over, one way or another. */
    private boolean passOn() throws IOException {
        ByteBuffer buffer = in;
        if (buffer == null) {
            return true;
        }
        while (!blocked) {
            int run = run(buffer);
            if (run == OVER) {
                finish();
                return false;
            }
            if (run == 0) {
                return true;
            }
            write(buffer, run);
        }
        return true;
    }

    private int run(ByteBuffer buffer) {
        return switch (framing) {
            case NONE -> OVER;
            case LENGTH -> remaining == 0 ? OVER : (int) Math.min(remaining, buffer.remaining());
            case CHUNKED -> buffer.hasRemaining() || !lastChunk ? buffer.remaining() : OVER;
            case UNTIL_CLOSE -> buffer.remaining();
        };
    }

    private void write(ByteBuffer buffer, int run) throws IOException {
        StreamSinkChannel channel = front();
        int limit = buffer.limit();
        int begin = buffer.position();
        // Otherwise the bytes were read just now, and that has been noted.
        boolean wasBlocked = resumed;
        buffer.limit(begin + run);
        boolean last = (framing == Framing.CHUNKED && lastChunk) || (framing == Framing.LENGTH && remaining == run);
        try {
            while (buffer.hasRemaining()) {
                if ((last ? channel.writeFinal(buffer) : channel.write(buffer)) == 0) {
                    awaitFront(channel);
                    break;
                }
            }
        } finally {
            int written = buffer.position() - begin;
            buffer.limit(limit);
            remaining -= written;
            if (wasBlocked && written > 0) {
                leg.progress.lastByte = leg.lane.time.nanos();
            }
        }
    }

    private StreamSinkChannel front() {
        StreamSinkChannel channel = front;
        if (channel == null) {
            throw new IllegalStateException("no response is being passed on");
        }
        return channel;
    }

    /** All of the body was passed on: ends the client's message too. */
    private void finish() {
        StreamSinkChannel channel = front();
        try {
            if (!finishing) {
                finishing = true;
                channel.shutdownWrites();
            }
            if (!channel.flush()) {
                awaitFront(channel);
                return;
            }
        } catch (IOException lost) {
            leg.breakFront(Cause.CLIENT_GONE, "at the end of the response: " + lost.getMessage());
            return;
        }
        ByteBuffer buffer = in;
        // Bytes after the response are answers nobody asked for: such a connection is not used again.
        boolean clean = persistent && (buffer == null || !buffer.hasRemaining());
        leg.done(clean);
    }

    private void dropIn() {
        ByteBuffer buffer = in;
        if (buffer != null) {
            in = null;
            leg.lane.giveBuffer(buffer);
        }
    }

    void end() {
        exchange = null;
        front = null;
        blocked = false;
        dropIn();
    }
}
