package com.foobar.http.listen;

import io.undertow.UndertowOptions;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.protocols.http2.AbstractHttp2StreamSourceChannel;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.Http2RstStreamStreamSourceChannel;
import io.undertow.protocols.http2.Http2StreamSourceChannel;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http2.Http2ReceiveListener;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.channels.Channels;

/**
 * One HTTP/2 connection. Undertow's own open listener keeps its channels to itself; here the channel is at hand, so that it can
 * be told to go away when, and not before, its last stream is answered.
 */
final class Http2Conversation implements Conversation, HttpHandler {

    private final Door door;
    private final StreamConnection connection;
    private final HttpHandler entrance;
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable Http2Channel channel;
    private boolean spoke;
    private int resets;
    private long resetsSince;

    Http2Conversation(Door door, StreamConnection connection, HttpHandler entrance) {
        this.door = door;
        this.connection = connection;
        this.entrance = entrance;
    }

    void begin(PooledByteBuffer read) {
        OptionMap options = options(door.limits());
        Http2Channel opened = new Frames(read, options);
        channel = opened;
        opened.setIdleTimeout(door.limits().idle().toMillis());
        opened.getReceiveSetter()
                .set(new Http2ReceiveListener(this, options, door.buffers().getBufferSize(), null));
        opened.resumeReceives();
        if (door.draining()) {
            finish();
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Http2Channel open = Objects.requireNonNull(channel);
        if (!spoke) {
            // From now on Undertow itself counts the time without streams; with streams only a standstill is too long.
            spoke = true;
            open.setIdleTimeout(door.limits().stall().toMillis());
        }
        inFlight.incrementAndGet();
        exchange.addExchangeCompleteListener((done, proceed) -> {
            if (inFlight.decrementAndGet() == 0 && door.draining()) {
                finish();
            }
            proceed.proceed();
        });
        entrance.handleRequest(exchange);
    }

    /** Undertow announces the limit of streams and does not keep it. A refused stream may be tried elsewhere, safely. */
    private boolean full() {
        return inFlight.get() >= door.limits().http2().streams() || door.draining();
    }

    private void refuse(Http2Channel from, Http2StreamSourceChannel stream) {
        door.counters().streamRefused();
        from.sendRstStream(stream.getStreamId(), Http2Channel.ERROR_REFUSED_STREAM);
        try {
            Channels.drain(stream, Long.MAX_VALUE);
        } catch (IOException e) {
            // Expected: the stream was just reset, and what it still had is gone with it.
            return;
        }
    }

    /**
     * Undertow counts only resets of requests whose body is still coming, which is not how rapid reset is done: the attacker's
     * requests are complete, and each leaves work behind.
     */
    private void countReset(Http2Channel from) {
        Limits.Http2 limits = door.limits().http2();
        long now = door.time().nanos();
        if (resets == 0 || now - resetsSince > limits.resetWindow().toNanos()) {
            resetsSince = now;
            resets = 0;
        }
        if (++resets > limits.resets()) {
            door.counters().refused(Fault.TOO_MANY_RESETS);
            from.sendGoAway(Http2Channel.ERROR_ENHANCE_YOUR_CALM);
        }
    }

    /** Sees every frame before Undertow's listener does. */
    private final class Frames extends Http2Channel {

        Frames(PooledByteBuffer read, OptionMap options) {
            super(connection, null, door.buffers(), read, false, false, options);
        }

        @Override
        public synchronized @Nullable AbstractHttp2StreamSourceChannel receive() throws IOException {
            try {
                AbstractHttp2StreamSourceChannel frame = super.receive();
                while (frame instanceof Http2StreamSourceChannel request && full()) {
                    refuse(this, request);
                    frame = super.receive();
                }
                if (frame instanceof Http2RstStreamStreamSourceChannel) {
                    countReset(this);
                }
                return frame;
            } catch (IllegalArgumentException e) {
                // A header name with a line end. Undertow would log a trace as its own failure; it is the client's.
                sendGoAway(ERROR_PROTOCOL_ERROR);
                return null;
            }
        }
    }

    @Override
    public void finish() {
        Door.onThread(connection, () -> {
            Http2Channel open = channel;
            if (inFlight.get() == 0 && open != null) {
                // Undertow closes the connection with the GOAWAY, so it must not come before the last answer is out.
                open.sendGoAway(Http2Channel.ERROR_NO_ERROR);
            }
        });
    }

    @Override
    public void cut() {
        Door.onThread(connection, () -> IoUtils.safeClose(connection));
    }

    private static OptionMap options(Limits limits) {
        Limits.Http2 http2 = limits.http2();
        return OptionMap.builder()
                .set(UndertowOptions.MAX_HEADER_SIZE, limits.headBytes())
                .set(UndertowOptions.MAX_HEADERS, limits.fields())
                .set(UndertowOptions.MAX_PARAMETERS, 1000)
                .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .set(
                        UndertowOptions.NO_REQUEST_TIMEOUT,
                        Math.toIntExact(limits.idle().toMillis()))
                .set(
                        UndertowOptions.REQUEST_PARSE_TIMEOUT,
                        Math.toIntExact(limits.head().toMillis()))
                .set(UndertowOptions.HTTP2_SETTINGS_ENABLE_PUSH, false)
                .set(UndertowOptions.HTTP2_SETTINGS_HEADER_TABLE_SIZE, http2.tableBytes())
                .set(UndertowOptions.HTTP2_SETTINGS_INITIAL_WINDOW_SIZE, http2.windowBytes())
                .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, http2.streams())
                .set(UndertowOptions.HTTP2_SETTINGS_MAX_FRAME_SIZE, http2.frameBytes())
                .set(UndertowOptions.MAX_RST_FRAMES_PER_WINDOW, http2.resets())
                .set(
                        UndertowOptions.RST_FRAMES_TIME_WINDOW,
                        Math.toIntExact(http2.resetWindow().toMillis()))
                .set(UndertowOptions.DECODE_URL, false)
                .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
                .set(UndertowOptions.ALWAYS_SET_DATE, true)
                .set(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .getMap();
    }
}
