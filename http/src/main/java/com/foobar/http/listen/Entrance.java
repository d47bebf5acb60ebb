package com.foobar.http.listen;

import io.undertow.server.ConduitWrapper;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;

/** The first handler of every request, of both protocols: what needs a parsed request to be judged is judged here. */
final class Entrance implements HttpHandler {

    private static final HttpString PROXY_CONNECTION = HttpString.tryFromString("Proxy-Connection");
    private static final HttpString KEEP_ALIVE = HttpString.tryFromString("Keep-Alive");

    private final Door door;
    private final HttpHandler next;
    private final HttpHandler nextAfterContinue;
    private final ConduitWrapper<StreamSinkConduit> farewell;

    Entrance(Door door, HttpHandler next) {
        this.door = door;
        this.next = next;
        this.nextAfterContinue = new HttpContinueReadHandler(next);
        this.farewell = (factory, exchange) -> {
            parting(exchange);
            return factory.create();
        };
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        boolean http1 =
                exchange.getConnection() instanceof HttpServerConnection connection && begin(connection, exchange);
        Fault fault = http1 ? null : http2Fault(exchange.getRequestHeaders());
        if (fault == null) {
            fault = targetFault(exchange);
        }
        boolean expects = fault == null && exchange.getRequestHeaders().contains(Headers.EXPECT);
        if (expects && !continues(exchange.getRequestHeaders())) {
            fault = Fault.BAD_EXPECTATION;
        }
        if (fault != null) {
            door.counters().refused(fault);
            door.pages().refuse(exchange, fault, RequestIds.next());
            return;
        }
        if (http1) {
            exchange.addResponseWrapper(farewell);
        }
        (expects ? nextAfterContinue : next).handleRequest(exchange);
    }

    private static boolean begin(HttpServerConnection connection, HttpServerExchange exchange) {
        if (connection.getOriginalSourceConduit() instanceof Guard guard) {
            guard.began(exchange);
        }
        return true;
    }

    /** The last moment before an answer begins: whether the connection goes on is decided as late as can be. */
    private void parting(HttpServerExchange exchange) {
        if (door.draining()) {
            // An upgrade is granted with this answer; whether its tunnel may go on is the guard's to say.
            exchange.setPersistent(exchange.isPersistent() && exchange.isUpgrade());
        } else if (exchange.isPersistent() && exchange.getProtocol().equals(Protocols.HTTP_1_0)) {
            // An HTTP/1.0 client that asked to stay waits to be told that it may.
            exchange.getResponseHeaders().put(Headers.CONNECTION, "keep-alive");
        }
    }

    private static @Nullable Fault targetFault(HttpServerExchange exchange) {
        HeaderValues hosts = exchange.getRequestHeaders().get(Headers.HOST);
        String host = hosts == null || hosts.isEmpty() ? null : hosts.getFirst();
        String target = exchange.getRequestURI();
        if (host != null || !exchange.getProtocol().equals(Protocols.HTTP_1_0)) {
            if (!Authority.valid(host) || hosts == null || hosts.size() > 1) {
                return Fault.BAD_HOST;
            }
        }
        String path = target;
        if (exchange.isHostIncludedInRequestURI()) {
            if (host == null || !Authority.sameAs(target, host)) {
                return Fault.BAD_HOST;
            }
            path = Authority.path(target);
        }
        if (path.equals("*")) {
            return exchange.getRequestMethod().equals(Methods.OPTIONS) ? null : Fault.BAD_PATH;
        }
        String normal = RequestPath.normalise(path);
        if (normal == null) {
            return Fault.BAD_PATH;
        }
        if (!normal.equals(target)) {
            exchange.setRequestURI(normal, false);
        }
        // Undertow cuts parameters off its own idea of the path; ours is the one that was checked.
        if (!normal.equals(exchange.getRequestPath())) {
            exchange.setRequestPath(normal);
            exchange.setRelativePath(normal);
        }
        return null;
    }

    private static boolean continues(HeaderMap headers) {
        HeaderValues expects = headers.get(Headers.EXPECT);
        return expects.size() == 1 && "100-continue".equalsIgnoreCase(expects.getFirst());
    }

    /** What HTTP/2 can carry and HTTP/1 cannot: it would become a second request on the way to a backend. */
    private static @Nullable Fault http2Fault(HeaderMap headers) {
        if (headers.contains(Headers.TRANSFER_ENCODING)
                || headers.contains(Headers.UPGRADE)
                || headers.contains(Headers.CONNECTION)
                || headers.contains(PROXY_CONNECTION)
                || headers.contains(KEEP_ALIVE)) {
            return Fault.MALFORMED;
        }
        HeaderValues lengths = headers.get(Headers.CONTENT_LENGTH);
        if (lengths != null && (lengths.size() != 1 || !digits(lengths.getFirst()))) {
            return Fault.BAD_LENGTH;
        }
        for (long cursor = headers.fastIterate(); cursor != -1; cursor = headers.fiNext(cursor)) {
            HeaderValues values = headers.fiCurrent(cursor);
            if (!token(values.getHeaderName())) {
                return Fault.MALFORMED;
            }
            for (int i = 0; i < values.size(); i++) {
                if (!valid(values.get(i))) {
                    return Fault.MALFORMED;
                }
            }
        }
        return null;
    }

    private static boolean token(HttpString name) {
        for (int i = 0; i < name.length(); i++) {
            if (!Octets.TOKEN[name.byteAt(i) & 0xff]) {
                return false;
            }
        }
        return name.length() > 0;
    }

    private static boolean valid(String value) {
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter > 255 || !Octets.VALUE[letter]) {
                return false;
            }
        }
        return true;
    }

    private static boolean digits(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!Octets.digit(value.charAt(i))) {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= 18;
    }
}
