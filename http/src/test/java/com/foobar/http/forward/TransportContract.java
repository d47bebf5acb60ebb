package com.foobar.http.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.transport.Transport;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xnio.IoUtils;

/** What every transport promises, whatever carries the bytes: the same tier behind a socket and in this JVM. */
abstract class TransportContract {
    static final Address NOBODY = new Address("127.0.0.1", 1);

    /** A tier with a handler, and the way to it. */
    interface Way extends AutoCloseable {
        Transport transport();

        Address address();

        @Override
        void close();
    }

    abstract Way to(HttpHandler handler);

    static Way way(Transport transport, Address address, Runnable close) {
        return new Way() {
            @Override
            public Transport transport() {
                return transport;
            }

            @Override
            public Address address() {
                return address;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    private static Rig rig(Way way) {
        return Rig.over(way.transport(), List.of(BackendSettings.of("a", way.address())));
    }

    private static void tier(HttpServerExchange exchange) {
        exchange.getResponseHeaders()
                .put(new HttpString("X-Target"), exchange.getRequestURI() + '?' + exchange.getQueryString());
        exchange.getResponseHeaders()
                .put(new HttpString("X-Method"), exchange.getRequestMethod().toString());
        exchange.setStatusCode(201);
        exchange.getResponseSender().send("body");
    }

    @Test
    void carriesARequestAndItsAnswer() throws Exception {
        try (Way way = to(TransportContract::tier);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 3; i++) {
                RawResponse response = client.send("GET /a%20b;c?d=e HTTP/1.1\r\nHost: x\r\n\r\n")
                        .response();
                assertThat(response.status()).isEqualTo(201);
                assertThat(response.text()).isEqualTo("body");
                assertThat(response.header("X-Target")).isEqualTo("/a%20b;c?d=e");
                Journey journey = rig.journey();
                assertThat(journey.ending()).isEqualTo(Ending.COMPLETE);
                assertThat(journey.status()).isEqualTo(201);
                assertThat(journey.firstByteNanos()).isPositive();
                assertThat(journey.totalNanos()).isGreaterThanOrEqualTo(journey.firstByteNanos());
            }
            RawResponse head = client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").responseToHead();
            assertThat(head.header("Content-Length")).isEqualTo("4");
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(rig.pool.backends().get(0).load().inFlight()).isZero();
        }
    }

    @Test
    void carriesBodiesBothWaysOverWorkers() throws Exception {
        HttpHandler echo = new BlockingHandler(exchange -> {
            byte[] body = exchange.getInputStream().readAllBytes();
            exchange.getOutputStream().write(body);
        });
        String big = "0123456789".repeat(200_000);
        try (Way way = to(echo);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            for (String body : List.of("x", big, "y")) {
                RawResponse response = client.send(
                                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .response();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.latin1()).isEqualTo(body);
                assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
            }
        }
    }

    @Test
    void appliesEdits() throws Exception {
        HttpHandler tier = exchange -> exchange.getResponseSender()
                .send(String.valueOf(exchange.getRequestHeaders().getFirst("X-Edit")));
        try (Way way = to(tier);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            rig.forwarder.replace(rig.settings
                    .withEdits(
                            (exchange, headers) -> headers.put(new HttpString("X-Edit"), "in"),
                            (exchange, headers) -> headers.put(new HttpString("X-Edit"), "out"))
                    .withExposedBackend(new HttpString("X-Where")));
            RawResponse response = client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Edit: forged\r\n\r\n")
                    .response();
            assertThat(response.text()).isEqualTo("in");
            assertThat(response.headers("X-Edit")).containsExactly("out");
            assertThat(response.header("X-Where")).isEqualTo("a");
        }
    }

    @Test
    void nobodyThereIsRefusedAndTheNextOneIsTried() throws Exception {
        try (Way way = to(TransportContract::tier);
                Rig rig = Rig.over(
                        way.transport(),
                        List.of(BackendSettings.of("none", NOBODY), BackendSettings.of("a", way.address())));
                RawHttp client = rig.client()) {
            int retries = 0;
            for (int i = 0; i < 4; i++) {
                assertThat(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
                                .response()
                                .status())
                        .isEqualTo(201);
                retries += rig.journey().retries();
            }
            assertThat(retries).isPositive();
        }
        try (Way way = to(TransportContract::tier);
                Rig rig = Rig.over(way.transport(), List.of(BackendSettings.of("none", NOBODY)));
                RawHttp client = rig.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .status())
                    .isEqualTo(503);
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_REFUSED);
        }
    }

    @Test
    void aBrokenBodyIsSeenToBeBroken() throws Exception {
        HttpHandler breaks = exchange -> {
            exchange.setResponseContentLength(10);
            exchange.getResponseSender().send("hal", new io.undertow.io.IoCallback() {
                @Override
                public void onComplete(HttpServerExchange same, io.undertow.io.Sender sender) {
                    IoUtils.safeClose(same.getConnection());
                    same.endExchange();
                }

                @Override
                public void onException(
                        HttpServerExchange same, io.undertow.io.Sender sender, java.io.IOException why) {
                    same.endExchange();
                }
            });
        };
        try (Way way = to(breaks);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .complete())
                    .isFalse();
            assertThat(rig.journey().ending()).isNotEqualTo(Ending.COMPLETE);
        }
    }

    @Test
    void theDeadlineHolds() throws Exception {
        try (Way way = to(exchange -> exchange.dispatch(io.undertow.util.SameThreadExecutor.INSTANCE, () -> {}));
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            rig.forwarder.replace(rig.settings.withPatience(Rig.SHORT, Duration.ofMillis(200)));
            String seen = client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .untilClosed();
            assertThat(seen).doesNotContain("200 OK");
            assertThat(rig.journey().ending()).isEqualTo(Ending.DEADLINE);
        }
    }

    @Test
    void anAnswerThatDoesNotBeginIsNotWaitedFor() throws Exception {
        try (Way way = to(exchange -> exchange.dispatch(io.undertow.util.SameThreadExecutor.INSTANCE, () -> {}));
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            String seen = client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .untilClosed();
            assertThat(seen).doesNotContain("200 OK");
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_TIMEOUT);
        }
    }

    @Test
    void anAnswerThatStopsIsBroken() throws Exception {
        HttpHandler stopping = exchange -> {
            exchange.setResponseContentLength(10);
            var channel = exchange.getResponseChannel();
            channel.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.US_ASCII)));
            channel.flush();
            exchange.dispatch(io.undertow.util.SameThreadExecutor.INSTANCE, () -> {});
        };
        try (Way way = to(stopping);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            String seen = client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").untilClosed();
            assertThat(seen).contains("Content-Length: 10").endsWith("half");
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_TIMEOUT);
        }
    }

    @Test
    void upgradesBecomeTunnels() throws Exception {
        HttpHandler upgrade = exchange -> {
            exchange.getResponseHeaders().put(Headers.UPGRADE, "echo");
            exchange.upgradeChannel((connection, same) -> new Echo(connection).start());
        };
        try (Way way = to(upgrade);
                Rig rig = rig(way);
                RawHttp client = rig.client()) {
            client.sendLines("GET /chat HTTP/1.1", "Host: x", "Connection: keep-alive, Upgrade", "Upgrade: echo");
            RawResponse switched = client.anyResponse();
            assertThat(switched.status()).isEqualTo(101);
            assertThat(switched.header("Upgrade")).isEqualTo("echo");
            String big = "0123456789abcdef".repeat(1 << 14);
            for (String text : List.of("hello", big)) {
                client.send(text);
                assertThat(new String(client.readBytes(text.length()), StandardCharsets.ISO_8859_1))
                        .isEqualTo(text);
            }
            client.endOutput();
            assertThat(client.untilClosed()).isEqualTo("bye");
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
        }
    }
}
