package com.foobar.http.listen;

import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.ConnectorStatistics;
import io.undertow.server.DelegateOpenListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.AlpnOpenListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioExecutor;
import org.xnio.ssl.SslConnection;

/** TLS on one listener: wraps what arrives, lets ALPN choose the protocol, and gives the handshake a deadline. */
final class TlsEdge {

    private static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    private final Door door;
    private final UndertowXnioSsl ssl;
    private final OptionMap options;
    private final AlpnOpenListener alpn;

    /** Connections that have not finished their handshake, and when they must. */
    private final Map<StreamConnection, XnioExecutor.Key> shaking = new ConcurrentHashMap<>();

    TlsEdge(Door door, Xnio xnio, Tls tls, boolean http2) {
        this.door = door;
        this.ssl = new UndertowXnioSsl(xnio, OptionMap.create(Options.USE_DIRECT_BUFFERS, true), tls.context());
        this.options = OptionMap.builder()
                .set(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(tls.protocols()))
                .set(Options.SSL_ENABLED_CIPHER_SUITES, Sequence.of(tls.suites()))
                .set(UndertowOptions.SSL_USER_CIPHER_SUITES_ORDER, true)
                .getMap();
        DelegateOpenListener http1 = new Opening(this::http1, door.buffers());
        this.alpn = new AlpnOpenListener(door.buffers(), OptionMap.EMPTY, HTTP_1, http1);
        if (http2) {
            alpn.addProtocol(HTTP_2, new Opening(this::http2, door.buffers()), 10);
        }
    }

    void begin(StreamConnection connection) {
        SslConnection secure = ssl.wrapExistingConnection(connection, options, false);
        // The handshake's failure closes the one, the peer's reset the other: each must take the other along.
        connection.setCloseListener(closed -> IoUtils.safeClose(secure));
        XnioExecutor.Key key = Door.after(connection, door.limits().arrival(), () -> tooSlow(secure));
        if (key == null) {
            IoUtils.safeClose(secure);
            return;
        }
        shaking.put(secure, key);
        secure.setCloseListener(closed -> {
            if (arrived(secure)) {
                door.counters().handshakeFailed();
            }
        });
        alpn.handleEvent(secure);
    }

    private boolean arrived(StreamConnection secure) {
        XnioExecutor.Key key = shaking.remove(secure);
        Door.cancel(key);
        return key != null;
    }

    private void tooSlow(SslConnection secure) {
        IoUtils.safeClose(secure);
    }

    private void http1(StreamConnection secure, PooledByteBuffer read) {
        arrived(secure);
        if (read.getBuffer().hasRemaining()) {
            door.http1(secure, read);
        } else {
            read.close();
            door.http1(secure, null);
        }
    }

    private void http2(StreamConnection secure, PooledByteBuffer read) {
        arrived(secure);
        door.http2(secure, read);
    }

    /** What ALPN calls once it has chosen: only the one call matters, the rest is the interface's. */
    private static final class Opening implements DelegateOpenListener {

        private final BiConsumer<StreamConnection, PooledByteBuffer> open;
        private final ByteBufferPool buffers;

        Opening(BiConsumer<StreamConnection, PooledByteBuffer> open, ByteBufferPool buffers) {
            this.open = open;
            this.buffers = buffers;
        }

        @Override
        public void handleEvent(StreamConnection connection, PooledByteBuffer read) {
            open.accept(connection, read);
        }

        @Override
        public void handleEvent(StreamConnection connection) {
            throw new IllegalStateException("ALPN always brings a buffer");
        }

        @Override
        public @Nullable HttpHandler getRootHandler() {
            return null;
        }

        @Override
        public void setRootHandler(HttpHandler handler) {}

        @Override
        public OptionMap getUndertowOptions() {
            return OptionMap.EMPTY;
        }

        @Override
        public void setUndertowOptions(OptionMap options) {}

        @Override
        public ByteBufferPool getBufferPool() {
            return buffers;
        }

        @Override
        public @Nullable ConnectorStatistics getConnectorStatistics() {
            return null;
        }

        @Override
        public void closeConnections() {}
    }
}
