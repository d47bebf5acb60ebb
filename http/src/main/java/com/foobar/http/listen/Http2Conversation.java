package com.foobar.http.listen;

import io.undertow.UndertowOptions;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http2.Http2ReceiveListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;

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

    Http2Conversation(Door door, StreamConnection connection, HttpHandler entrance) {
        this.door = door;
        this.connection = connection;
        this.entrance = entrance;
    }

    void begin(PooledByteBuffer read) {
        OptionMap options = options(door.limits());
        Http2Channel opened = new Http2Channel(connection, null, door.buffers(), read, false, false, options);
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
        inFlight.incrementAndGet();
        exchange.addExchangeCompleteListener((done, proceed) -> {
            if (inFlight.decrementAndGet() == 0 && door.draining()) {
                finish();
            }
            proceed.proceed();
        });
        entrance.handleRequest(exchange);
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
