package com.foobar.http.transport;

import com.foobar.http.listen.Fault;
import com.foobar.http.listen.RequestBodyRefused;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitStreamSinkChannel;

/** The request on its way to the backend: the head, then the body piece by piece through one buffer. */
final class Upload {
    private static final int CHUNK_HEAD = 6;
    private static final int CHUNK_TAIL = 2;
    // Then others have their turn on this thread.
    private static final int ROUNDS = 8;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Leg leg;
    private final ChannelListener<StreamSourceChannel> clientReadable = this::clientReadable;
    private @Nullable HttpServerExchange exchange;
    private @Nullable StreamSourceChannel body;
    private @Nullable ByteBuffer out;
    private boolean chunked;
    private boolean finished;
    private boolean bodyRead;
    private boolean touched;
    private boolean broken;
    private boolean wantsContinue;

    Upload(Leg leg) {
        this.leg = leg;
    }

    /** Whether the whole request was written. */
    boolean finished() {
        return finished;
    }

    boolean touched() {
        return touched;
    }

    /** Whether it waits for the backend to take bytes. */
    boolean blocked() {
        return out != null || broken;
    }

    /** Begins with a buffer that has the head in it. */
    void begin(HttpServerExchange one, ByteBuffer head) {
        exchange = one;
        out = head;
        body = null;
        finished = false;
        touched = false;
        broken = false;
        bodyRead = one.isRequestComplete();
        chunked = !bodyRead && RequestHead.chunked(one);
        wantsContinue = !bodyRead && HttpContinue.requiresContinueResponse(one);
        if (bodyRead || wantsContinue) {
            head.flip();
            flush();
            if (wantsContinue && leg.busy() && exchange == one) {
                // Whoever sends without waiting for the 100 is served as well.
                StreamSourceChannel source = body(one);
                source.resumeReads();
            }
        } else {
            body(one);
            pump();
        }
    }

    private StreamSourceChannel body(HttpServerExchange one) {
        StreamSourceChannel source = body;
        if (source == null) {
            source = one.getRequestChannel();
            if (source == null) {
                throw new IllegalStateException("the request body was taken by another handler");
            }
            touched = true;
            body = source;
            source.getReadSetter().set(clientReadable);
        }
        return source;
    }

    private void clientReadable(StreamSourceChannel source) {
        if (exchange == null || broken) {
            source.suspendReads();
            return;
        }
        if (out == null) {
            ByteBuffer fresh = leg.lane.takeBuffer();
            out = fresh;
            pump();
        } else {
            source.suspendReads();
        }
    }

    void backendWritable(ConduitStreamSinkChannel sink) {
        if (exchange == null || out == null) {
            sink.suspendWrites();
            return;
        }
        sink.suspendWrites();
        if (flush() && !finished && !wantsContinue) {
            clientReadable(body(leg.exchange()));
        }
    }

    /** The backend said 100. */
    void continued() {
        HttpServerExchange one = exchange;
        if (one == null || !wantsContinue || !HttpContinue.requiresContinueResponse(one)) {
            return;
        }
        wantsContinue = false;
        HttpContinue.sendContinueResponse(one, new IoCallback() {
            @Override
            public void onComplete(HttpServerExchange same, Sender sender) {
                if (exchange == same) {
                    body(same).resumeReads();
                }
            }

            @Override
            public void onException(HttpServerExchange same, Sender sender, IOException why) {
                if (exchange == same) {
                    leg.breakFront(Cause.CLIENT_GONE, "the client took no 100: " + why.getMessage());
                }
            }
        });
    }

    /** Reads from the client and writes to the backend until one of them has had enough; the buffer may hold a head already. */
    private void pump() {
        for (int round = 1; ; round++) {
            ByteBuffer buffer = out;
            StreamSourceChannel source = body;
            if (buffer == null || source == null) {
                return;
            }
            int n;
            try {
                n = read(source, buffer);
            } catch (IOException lost) {
                clientLost(lost);
                return;
            }
            if (n < 0) {
                bodyRead = true;
                if (chunked) {
                    lastChunk(buffer);
                }
            } else if (n > 0) {
                leg.progress.lastByte = leg.lane.time.nanos();
                wantsContinue = false;
            }
            buffer.flip();
            if (!flush() || finished) {
                if (!finished && exchange != null) {
                    source.suspendReads();
                }
                return;
            }
            if (n == 0) {
                source.resumeReads();
                return;
            }
            if (round == ROUNDS) {
                goOnLater(source);
                return;
            }
            out = leg.lane.takeBuffer();
        }
    }

    /** Of a body that was read before and put back, no socket would ever say that there is more. */
    private void goOnLater(StreamSourceChannel source) {
        HttpServerExchange same = exchange;
        leg.lane.thread.execute(() -> {
            if (exchange == same) {
                clientReadable(source);
            }
        });
    }

    private int read(StreamSourceChannel source, ByteBuffer buffer) throws IOException {
        if (!chunked) {
            return source.read(buffer);
        }
        int begin = buffer.position();
        buffer.position(begin + CHUNK_HEAD).limit(buffer.capacity() - CHUNK_TAIL);
        int n = source.read(buffer);
        buffer.limit(buffer.capacity());
        if (n <= 0) {
            buffer.position(begin);
            return n;
        }
        for (int i = 0; i < 4; i++) {
            buffer.put(begin + i, HEX[(n >> (12 - 4 * i)) & 15]);
        }
        buffer.put(begin + 4, (byte) '\r').put(begin + 5, (byte) '\n');
        buffer.put((byte) '\r').put((byte) '\n');
        return n;
    }

    private void lastChunk(ByteBuffer buffer) {
        StringBuilder end = new StringBuilder("0\r\n");
        HeaderMap trailers = leg.exchange().getAttachment(HttpAttachments.REQUEST_TRAILERS);
        if (trailers != null) {
            for (HeaderValues values : trailers) {
                for (String value : values) {
                    if (HopByHop.allowedInTrailers(values.getHeaderName()) && value.indexOf('\n') < 0) {
                        end.append(values.getHeaderName())
                                .append(": ")
                                .append(value)
                                .append("\r\n");
                    }
                }
            }
        }
        byte[] bytes = end.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length <= buffer.remaining()) {
            buffer.put(bytes);
        } else {
            buffer.put("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Writes what is in the buffer; true when it is empty and given back. */
    private boolean flush() {
        ByteBuffer buffer = out;
        if (buffer == null) {
            return true;
        }
        try {
            while (buffer.hasRemaining()) {
                int n = leg.sink().write(buffer);
                if (n == 0) {
                    leg.sink().resumeWrites();
                    return false;
                }
                leg.progress.sent += n;
                if (leg.progress.phase == Phase.CONNECTED) {
                    leg.progress.phase = Phase.REQUEST_PARTLY_SENT;
                }
            }
        } catch (IOException lost) {
            backendLost(lost);
            return false;
        }
        out = null;
        leg.lane.giveBuffer(buffer);
        if (bodyRead) {
            finished = true;
            if (touched) {
                leg.progress.asked(leg.lane.time.nanos());
            }
            if (leg.progress.phase.compareTo(Phase.REQUEST_SENT) < 0) {
                leg.progress.phase = Phase.REQUEST_SENT;
            }
        }
        return true;
    }

    private void clientLost(IOException why) {
        if (why instanceof RequestBodyRefused refused && refused.fault() == Fault.BODY_TOO_LARGE) {
            // Of all faults the only one that nobody has answered yet; the listener's guard speaks for the others.
            leg.fail(Cause.REQUEST_TOO_LARGE, refused.fault().words());
        } else if (why instanceof RequestTooBigException) {
            leg.fail(Cause.REQUEST_TOO_LARGE, String.valueOf(why.getMessage()));
        } else {
            leg.breakFront(Cause.CLIENT_GONE, "while sending its body: " + why.getMessage());
        }
    }

    /** The backend takes no more. It may have said why before it closed: the answer, if there is one, decides. */
    private void backendLost(IOException why) {
        if (leg.progress.phase == Phase.CONNECTED) {
            leg.fail(Cause.RESET, String.valueOf(why.getMessage()));
            return;
        }
        broken = true;
        dropOut();
        StreamSourceChannel source = body;
        if (source != null) {
            source.suspendReads();
        }
    }

    private void dropOut() {
        ByteBuffer buffer = out;
        if (buffer != null) {
            out = null;
            leg.lane.giveBuffer(buffer);
        }
    }

    void end() {
        StreamSourceChannel source = body;
        if (source != null && !finished) {
            source.suspendReads();
            source.getReadSetter().set(null);
        }
        exchange = null;
        body = null;
        dropOut();
    }
}
