package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import io.undertow.server.HttpServerExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Error pages, body limits and stalled readers, over real sockets. */
class AnswersTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void errorPagesFollowAcceptAndTellTheRequestId() throws Exception {
        ErrorPages pages = new ErrorPages(Map.of(503, "<h1>Back soon</h1>".getBytes(StandardCharsets.UTF_8)));
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(Binding.http("x", Stage.any()), exchange -> {
                int status = Integer.parseInt(exchange.getRequestPath().substring(1));
                pages.send(exchange, status, "Try <again> later.", "id-1", Duration.ofSeconds(3));
            });
            try (RawHttp client = RawHttp.connect(listener.address())) {
                RawResponse html =
                        client.sendLines("GET /502 HTTP/1.1", "Host: x").response();
                assertThat(html.status()).isEqualTo(502);
                assertThat(html.text())
                        .contains("Try &lt;again&gt; later.", "id-1")
                        .doesNotContain("Undertow");
                assertThat(html.header("Cache-Control")).isEqualTo("no-store");
                assertThat(html.header("Retry-After")).isEqualTo("3");
                assertThat(html.header("X-Request-Id")).isEqualTo("id-1");
                assertThat(html.header("Server")).isNull();

                RawResponse json = client.sendLines("GET /504 HTTP/1.1", "Host: x", "Accept: application/json")
                        .response();
                assertThat(json.header("Content-Type")).isEqualTo("application/json");
                assertThat(json.text())
                        .isEqualTo("{\"status\":504,\"error\":\"Gateway Time-out\","
                                + "\"message\":\"Try <again> later.\",\"requestId\":\"id-1\"}\n");

                RawResponse head =
                        client.sendLines("HEAD /502 HTTP/1.1", "Host: x").responseToHead();
                assertThat(head.header("Content-Length")).isEqualTo(html.header("Content-Length"));

                RawResponse own =
                        client.sendLines("GET /503 HTTP/1.1", "Host: x").response();
                assertThat(own.text()).isEqualTo("<h1>Back soon</h1>");
            }
        }
    }

    @Test
    void bodiesBeyondTheLimitAreRefusedUpFrontOrWhileTheyCome() throws Exception {
        ErrorPages pages = new ErrorPages();
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.open(Binding.http("x", Stage.any()), exchange -> {
                if (!BodyLimit.set(exchange, 10)) {
                    pages.refuse(exchange, Fault.BODY_TOO_LARGE, "id-1");
                    return;
                }
                exchange.getRequestReceiver()
                        .receiveFullBytes(
                                (done, body) -> done.getResponseSender().send("took " + body.length), (failed, e) -> {
                                    assertThat(e).isInstanceOf(RequestBodyRefused.class);
                                    pages.refuse(failed, ((RequestBodyRefused) e).fault(), "id-2");
                                });
            });
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789");
                assertThat(client.response().text()).isEqualTo("took 10");
                client.send(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n");
                assertThat(client.response().text()).isEqualTo("took 10");
                client.send(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n1\r\na\r\n");
                RawResponse refusal = client.response();
                assertThat(refusal.status()).isEqualTo(413);
                assertThat(refusal.text()).contains("id-2");
                assertThat(client.isClosedWithin(SOON)).isTrue();
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.sendLines("POST / HTTP/1.1", "Host: x", "Content-Length: 11", "Expect: 100-continue");
                RawResponse refusal = client.response();
                assertThat(refusal.status()).isEqualTo(413);
                assertThat(refusal.interim()).isEmpty();
            }
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.sendLines("POST / HTTP/1.1", "Host: x", "Content-Length: 3", "Expect: 100-continue");
                assertThat(client.anyResponse().status()).isEqualTo(100);
                assertThat(client.send("abc").response().text()).isEqualTo("took 3");
            }
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsCut() throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        try (Stage stage = new Stage(Limits.DEFAULT.withStall(Duration.ofMillis(500)))) {
            Listener listener = stage.open(Binding.http("x", Stage.any()), exchange -> {
                exchange.addExchangeCompleteListener((done, proceed) -> {
                    ended.complete(done.getRequestPath());
                    proceed.proceed();
                });
                large(exchange);
            });
            try (RawHttp client = RawHttp.connect(listener.address())) {
                client.sendLines("GET /large HTTP/1.1", "Host: x");
                assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo("/large");
                Await.until("it is gone", SOON, () -> listener.openConnections() == 0);
            }
        }
    }

    @Test
    void rubbishLeavesNoTraceBehind() throws Exception {
        try (Stage stage = new Stage(Limits.DEFAULT)) {
            Listener listener = stage.http();
            for (int seed = 0; seed < 200; seed++) {
                byte[] rubbish = new byte[300];
                new java.util.Random(seed).nextBytes(rubbish);
                try (RawHttp client = RawHttp.connect(listener.address())) {
                    client.sendBytes(rubbish);
                    assertThat(client.response().status()).as("seed %d", seed).isBetween(400, 505);
                }
            }
            Await.until("nobody is left", SOON, () -> listener.openConnections() == 0);
            assertThat(stage.seen).isEmpty();
        }
    }

    private static void large(HttpServerExchange exchange) {
        exchange.getResponseSender().send(ByteBuffer.allocate(64 * 1024 * 1024));
    }
}
