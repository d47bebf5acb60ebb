package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    @TempDir
    private Path data;

    private final ScriptedBackend web1 = ScriptedBackend.answering("web1");
    private Balancer balancer;

    @BeforeEach
    void open() {
        balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED);
    }

    @AfterEach
    void close() {
        balancer.close();
        web1.close();
    }

    @Test
    void a_line_says_who_asked_what_and_how_long_it_took() {
        RawResponse answer = balancer.get("/a/b?c=d");
        Map<?, ?> line = balancer.log.await(1).get(0);
        assertThat(line.get("id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(line.get("trace")).isEqualTo(web1.awaitRequests(1).get(0).header("traceparent"));
        assertThat(line.get("lb")).isEqualTo("lb1");
        assertThat(line.get("client")).isEqualTo("127.0.0.1");
        assertThat(line.get("scheme")).isEqualTo("http");
        assertThat(line.get("protocol")).isEqualTo("HTTP/1.1");
        assertThat(line.get("method")).isEqualTo("GET");
        assertThat(line.get("host")).isEqualTo(Balancer.SITE);
        assertThat(line.get("target")).isEqualTo("/a/b?c=d");
        assertThat(number(line, "status")).isEqualTo(200);
        assertThat(number(line, "bytes")).isEqualTo(4);
        assertThat(line.get("pool")).isEqualTo("web");
        assertThat(line.get("backend")).isEqualTo("web1");
        assertThat(number(line, "retries")).isZero();
        assertThat(number(line, "queueMs")).isBetween(0.0, 1000.0);
        assertThat(number(line, "connectMs")).isPositive();
        assertThat(number(line, "responseMs")).isPositive();
        assertThat(number(line, "totalMs")).isGreaterThanOrEqualTo(number(line, "responseMs"));
        assertThat(line.get("reason")).isEqualTo("complete");
        assertThat(line.containsKey("endedBy")).isFalse();
        assertThat(Instant.parse(String.valueOf(line.get("ts"))))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    private static double number(Map<?, ?> line, String field) {
        if (line.get(field) instanceof Number number) {
            return number.doubleValue();
        }
        throw new AssertionError(field + " is no number in " + line);
    }

    @Test
    void who_goes_away_in_the_middle_of_a_body_ended_it() {
        try (RawHttp client = balancer.connect()) {
            client.send(
                    "POST /upload HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\nContent-Length: 100\r\n\r\n0123456789");
        }
        Map<?, ?> line = balancer.log.await(1).get(0);
        assertThat(line.get("endedBy")).isEqualTo("client");
        assertThat(line.get("reason")).isEqualTo("client-gone");
        assertThat(line.get("method")).isEqualTo("POST");
        assertThat(number(line, "status")).isZero();
    }

    @Test
    void nobody_writes_lines_into_the_log() {
        String forged = "\",\"status\":200}%0d%0a{\"id\":\"forged\"}";
        List<String> targets =
                List.of("/a%0d%0a%7b%22id%22:1%7d", "/b?q=%0a%00%1b[2J", "/" + forged, "/c?" + forged, "/d\\u000a");
        for (String target : targets) {
            assertThat(balancer.get(target).status()).isIn(200, 400);
        }
        for (String raw : List.of(
                "GET /x\nforged HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n\r\n",
                "GET /x\r\rforged HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n\r\n",
                "GET /\u0085\u001bforged HTTP/1.1\r\nHost: " + Balancer.SITE + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\"forged\r\n\r\n")) {
            try (RawHttp client = balancer.connect()) {
                assertThat(client.send(raw).response().status()).isEqualTo(400);
            }
        }
        String last = String.valueOf(balancer.get("/last").header("X-Request-Id"));
        Map<?, ?> end = balancer.log.of(last);
        List<Map<?, ?>> lines = balancer.log.await(1);
        assertThat(lines.get(lines.size() - 1)).isEqualTo(end);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("lb")).isEqualTo("lb1");
            assertThat(line.get("id")).isNotEqualTo("forged");
            assertThat(String.valueOf(line.get("target"))).matches("[\\x21-\\x7e]+");
        });
    }
}
