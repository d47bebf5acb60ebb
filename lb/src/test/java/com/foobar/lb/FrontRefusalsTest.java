package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One balancer with a route for every way of saying no. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontRefusalsTest {
    private final ScriptedBackend web1 = ScriptedBackend.scripted("web1", request -> switch (request.target()) {
        case "/slow" -> Script.neverAnswer();
        case "/garbage" -> Script.script().write("SSH-2.0-rubbish\r\n\r\n").close();
        default -> Script.answer(200, "fine");
    });
    private final ScriptedBackend dead = ScriptedBackend.answering("dead");
    private final int https = FreePorts.one();
    private Balancer balancer;

    @BeforeAll
    void open(@TempDir Path data) {
        dead.stop();
        balancer = Balancer.started(
                data,
                List.of(web1),
                "https: " + https,
                "check: {kind: tcp, timeout: 5s}",
                "timeouts: {response: 2s}",
                "pools: {dead: {servers: {dead1: {address: '127.0.0.1:" + dead.port() + "'}}}}",
                "routes:",
                "  limited: {path: /limited, rate: 1/h}",
                "  denied: {path: /denied, deny: [127.0.0.0/8]}",
                "  closed: {path: /closed, maintenance: true}",
                "  secure: {path: /secure, redirect: https}",
                "  moved: {path: /old, redirect: /new, redirect-status: 301}",
                "  small: {path: /small, body: 10B}",
                "  dead: {path: /dead, pool: dead}");
        assertThat(balancer.get("/limited").status()).isEqualTo(200);
    }

    @AfterAll
    void close() {
        balancer.close();
        dead.close();
        web1.close();
    }

    @ParameterizedTest
    @CsvSource({
        "www.elsewhere.com, /,    421, Misdirected Request,   ''",
        "www.foobar.com, /limited, 429, Too Many Requests,    '[1-9][0-9]*'",
        "www.foobar.com, /denied, 403, Forbidden,             ''",
        "www.foobar.com, /closed, 503, Service Unavailable,   60",
        "www.foobar.com, /dead,   503, Service Unavailable,   1",
        "www.foobar.com, /slow,   504, Gateway Time-out,      ''",
        "www.foobar.com, /garbage, 502, Bad Gateway,          ''"
    })
    void a_refusal_is_a_page_or_json_and_names_the_request(
            String host, String path, int status, String reason, String retryAfter) throws JsonSyntaxException {
        RawResponse page = ask(host, path);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        RawResponse json = ask(host, path, "Accept: application/json");
        assertThat(json.header("Content-Type")).startsWith("application/json");
        for (RawResponse answer : List.of(page, json)) {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.reason()).isEqualTo(reason);
            assertThat(answer.complete()).isTrue();
            assertThat(answer.headers("X-Request-Id")).hasSize(1);
            assertThat(answer.text()).contains(answer.headers("X-Request-Id").get(0));
            assertThat(answer.headers("Server")).isEmpty();
            if (retryAfter.isEmpty()) {
                assertThat(answer.headers("Retry-After")).isEmpty();
            } else {
                assertThat(answer.headers("Retry-After"))
                        .singleElement()
                        .asString()
                        .matches(retryAfter);
            }
        }
        assertThat(page.text()).startsWith("<!doctype html>").contains(status + " " + reason);
        assertThat(Json.parse(json.text()))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("error", reason)
                .containsEntry("requestId", json.header("X-Request-Id"));
    }

    private RawResponse ask(String host, String path, String... headers) {
        try (RawHttp client = balancer.connect()) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n")
                    .response();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/secure/a?b=c, 308, https://www.foobar.com:PORT/secure/a?b=c",
        "/secure, 308, https://www.foobar.com:PORT/secure",
        "/old/x, 301, /new/x"
    })
    void a_redirect(String target, int status, String location) {
        RawResponse answer = balancer.get(target);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers("Location")).containsExactly(location.replace("PORT", Integer.toString(https)));
        assertThat(answer.headers("X-Request-Id")).hasSize(1);
    }

    @Test
    void a_body_that_is_too_large_is_refused_before_it_is_read() {
        assertThat(post("Content-Length: 10", "0123456789").status()).isEqualTo(200);
        RawResponse announced = post("Content-Length: 11", "0123456789a");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.text()).contains(announced.headers("X-Request-Id").get(0));
    }

    @Test
    void a_chunked_body_is_counted() {
        assertThat(post("Transfer-Encoding: chunked", "a\r\n0123456789\r\n0\r\n\r\n")
                        .status())
                .isEqualTo(200);
        RawResponse counted = post("Transfer-Encoding: chunked", "6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n");
        assertThat(counted.status()).isEqualTo(413);
        assertThat(counted.text()).contains(counted.headers("X-Request-Id").get(0));
    }

    private RawResponse post(String framing, String body) {
        try (RawHttp client = balancer.connect()) {
            return client.send("POST /small HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n" + framing + "\r\n\r\n" + body)
                    .response();
        }
    }

    @Test
    void who_is_refused_may_ask_again_on_the_same_connection() {
        try (RawHttp client = balancer.connect()) {
            assertThat(Balancer.get(client, "/denied").status()).isEqualTo(403);
            assertThat(Balancer.get(client, "/closed").status()).isEqualTo(503);
            assertThat(Balancer.get(client, "/fine").text()).isEqualTo("fine");
        }
    }

    @Test
    void every_refusal_is_logged_with_its_reason() {
        String id = balancer.get("/denied/logged").headers("X-Request-Id").get(0);
        Map<?, ?> line = balancer.log.of(id);
        assertThat(line.get("reason")).isEqualTo("denied");
        assertThat(line.get("target")).isEqualTo("/denied/logged");
    }
}
