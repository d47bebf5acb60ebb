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

    private final Leg leg;
    private final ChunkDecoder chunks = new ChunkDecoder();
    private final ChannelListener<StreamSinkChannel> frontWritable = this::frontWritable;
    private @Nullable HttpServerExchange exchange;
    private @Nullable StreamSinkChannel front;
    private @Nullable ByteBuffer in;
    private Framing framing = Framing.NONE;
    private long remaining;
    private boolean persistent;
    private boolean finishing;
    private boolean blocked;
    private boolean resumed;

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
        persistent = head.persistent;
        frame(head, method);
        StreamSinkChannel channel = one.getResponseChannel();
        if (channel == null) {
            leg.fail(Cause.FAULT, "another handler has taken the response");
            return;
        }
        front = channel;
        leg.progress.phase = Phase.RESPONSE_PARTLY_PASSED_ON;
        pump();
    }

    private void frame(ResponseHead head, HttpString method) {
        int status = head.status;
        if (method.equals(Methods.HEAD) || status == 204 || status == 304) {
            framing = Framing.NONE;
        } else if (head.chunked) {
            framing = Framing.CHUNKED;
            chunks.reset();
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
            while (exchange != null && !blocked && !finishing) {
                if (!passOn() || blocked || finishing || !read()) {
                    return;
                }
            }
        } catch (IOException clientLost) {
            leg.breakFront(Cause.CLIENT_GONE, "while taking the response: " + clientLost.getMessage());
        }
    }

    /** Fills the empty buffer; false if there is nothing to be had now. */
    private boolean read() {
        ByteBuffer buffer = in;
        if (buffer == null) {
            buffer = leg.lane.takeBuffer();
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
        buffer.flip();
        if (n > 0) {
            leg.progress.received += n;
            leg.progress.lastByte = leg.lane.time.nanos();
            return true;
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

    /** Passes on what is in the buffer; false if the response is over, one way or another. */
    private boolean passOn() throws IOException {
        ByteBuffer buffer = in;
        if (buffer == null) {
            return true;
        }
        while (!blocked) {
            int run = run(buffer);
            if (run == ChunkDecoder.GARBAGE) {
                leg.fail(Cause.GARBAGE, "a bad chunk");
                return false;
            }
            if (run == ChunkDecoder.END) {
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
            case NONE -> ChunkDecoder.END;
            case LENGTH -> remaining == 0 ? ChunkDecoder.END : (int) Math.min(remaining, buffer.remaining());
            case CHUNKED -> chunks.next(buffer);
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
        try {
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    blocked = true;
                    channel.getWriteSetter().set(frontWritable);
                    channel.resumeWrites();
                    break;
                }
            }
        } finally {
            int written = buffer.position() - begin;
            buffer.limit(limit);
            remaining -= written;
            if (framing == Framing.CHUNKED && written > 0) {
                chunks.took(written);
            }
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
                HeaderMap trailers = framing == Framing.CHUNKED ? chunks.trailers() : null;
                if (trailers != null && exchange != null) {
                    exchange.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
                }
                channel.shutdownWrites();
            }
            if (!channel.flush()) {
                blocked = true;
                channel.getWriteSetter().set(frontWritable);
                channel.resumeWrites();
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
