package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket as far as a balancer can tell: an upgrade, then bytes both ways, which the server sends back. */
final class Tunnel implements AutoCloseable {
    private final RawHttp client;

    private Tunnel(RawHttp client) {
        this.client = client;
    }

    /** The server's side; null when it is asked for something else. */
    static @Nullable Script echo(Request request) {
        return request.header("Upgrade") == null ? null : echoAfter(Script.script());
    }

    static Script echoAfter(Script before) {
        return before.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .echo();
    }

    static Tunnel open(Balancer balancer) {
        return ask(balancer).opened();
    }

    /** Asked for and not yet granted. */
    static Tunnel ask(Balancer balancer) {
        return new Tunnel(balancer.connect()
                .sendLines(
                        "GET /chat HTTP/1.1",
                        "Host: " + Balancer.SITE,
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    }

    Tunnel opened() {
        assertThat(client.response().status()).isEqualTo(101);
        return this;
    }

    /** What comes back for these characters, one byte each. */
    String echo(String said) {
        return new String(client.send(said).readBytes(said.length()), StandardCharsets.ISO_8859_1);
    }

    boolean isClosedWithin(Duration limit) {
        return client.isClosedWithin(limit);
    }

    @Override
    public void close() {
        client.close();
    }
}
