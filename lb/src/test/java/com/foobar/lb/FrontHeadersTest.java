package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontHeadersTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path data;

    private final ScriptedBackend web1 = ScriptedBackend.answering("web1");

    @AfterEach
    void close() {
        web1.close();
    }

    private Request seen() {
        return web1.awaitRequests(1).get(0);
    }

    @Test
    void the_next_tier_learns_who_asks_and_a_stranger_cannot_lie_about_it() {
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED)) {
            RawResponse answer = balancer.get(
                    "/a?b=c",
                    "X-Forwarded-For: 203.0.113.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: evil.com",
                    "Forwarded: for=203.0.113.9;proto=https",
                    "X-Request-Id: chosen-by-a-stranger",
                    "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01");
            Request seen = seen();
            assertThat(seen.target()).isEqualTo("/a?b=c");
            assertThat(seen.headers("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(seen.headers("X-Forwarded-Proto")).containsExactly("http");
            assertThat(seen.headers("X-Forwarded-Host")).containsExactly(Balancer.SITE);
            assertThat(seen.headers("Forwarded"))
                    .singleElement()
                    .asString()
                    .startsWith("for=127.0.0.1")
                    .endsWith(";proto=http")
                    .contains(Balancer.SITE)
                    .doesNotContain("203.0.113.9");
            assertThat(seen.headers("traceparent"))
                    .singleElement()
                    .asString()
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")
                    .doesNotContain(TRACE);
            assertThat(seen.headers("X-Request-Id"))
                    .singleElement()
                    .asString()
                    .isNotEqualTo("chosen-by-a-stranger")
                    .isNotBlank();
            assertThat(answer.headers("X-Request-Id")).isEqualTo(seen.headers("X-Request-Id"));
        }
    }

    @Test
    void a_trusted_peer_is_believed() {
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED, "trusted: [127.0.0.0/8]")) {
            RawResponse answer = balancer.get(
                    "/",
                    "X-Forwarded-For: 198.51.100.1, 203.0.113.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: " + Balancer.SITE + ":8443",
                    "X-Request-Id: from-the-edge-0001",
                    "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01");
            Request seen = seen();
            // Whoever stands before the one we trust is hearsay.
            assertThat(seen.headers("X-Forwarded-For")).containsExactly("203.0.113.9, 127.0.0.1");
            assertThat(seen.headers("X-Forwarded-Proto")).containsExactly("https");
            assertThat(seen.headers("X-Forwarded-Host")).containsExactly(Balancer.SITE + ":8443");
            assertThat(seen.headers("Forwarded"))
                    .singleElement()
                    .asString()
                    .contains("for=203.0.113.9")
                    .contains("proto=https");
            assertThat(seen.headers("X-Request-Id")).containsExactly("from-the-edge-0001");
            assertThat(answer.headers("X-Request-Id")).containsExactly("from-the-edge-0001");
            assertThat(seen.headers("traceparent"))
                    .singleElement()
                    .asString()
                    .startsWith("00-" + TRACE + "-")
                    .doesNotContain("00f067aa0ba902b7");
        }
    }

    @Test
    void the_tiers_name_themselves_only_while_they_are_exposed() {
        web1.script(request -> Script.answer(200, "x", "X-Served-By: web1, app1"));
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED)) {
            assertThat(balancer.get("/", "Via: 1.1 made-up").headers("X-Served-By"))
                    .containsExactly("lb1, web1, app1");
            assertThat(seen().headers("Via")).containsExactly("1.1 lb1");
        }
        try (Balancer balancer = Balancer.discreet(data, List.of(web1), Balancer.UNCHECKED)) {
            assertThat(balancer.get("/").headers("X-Served-By")).isEmpty();
            assertThat(web1.awaitRequests(2).get(1).headers("Via")).isEmpty();
        }
    }

    @Test
    void what_is_meant_for_one_hop_goes_no_further() {
        web1.script(request ->
                Script.answer(200, "x", "Connection: X-Back", "X-Back: 1", "Keep-Alive: timeout=5", "X-Stays: yes"));
        try (Balancer balancer = Balancer.started(data, List.of(web1), Balancer.UNCHECKED);
                RawHttp client = balancer.connect()) {
            RawResponse answer = Balancer.get(
                    client,
                    "/",
                    "Connection: keep-alive, X-Hop",
                    "X-Hop: 1",
                    "Keep-Alive: timeout=5",
                    "Proxy-Connection: keep-alive",
                    "X-Stays: yes");
            Request seen = seen();
            assertThat(seen.header("X-Stays")).isEqualTo("yes");
            for (String gone : List.of("X-Hop", "Keep-Alive", "Proxy-Connection")) {
                assertThat(seen.headers(gone)).as(gone).isEmpty();
            }
            assertThat(seen.headers("Connection"))
                    .allSatisfy(value -> assertThat(value).doesNotContainIgnoringCase("X-Hop"));
            assertThat(answer.header("X-Stays")).isEqualTo("yes");
            assertThat(answer.headers("X-Back")).isEmpty();
            assertThat(answer.headers("Keep-Alive")).isEmpty();
            assertThat(answer.headers("Connection"))
                    .allSatisfy(value -> assertThat(value).doesNotContainIgnoringCase("X-Back"));
            assertThat(Balancer.get(client, "/again").status()).isEqualTo(200);
        }
    }

    @Test
    void a_route_edits_headers_both_ways() {
        web1.script(request -> Script.answer(200, "x", "X-Powered-By: chance"));
        try (Balancer balancer = Balancer.started(
                data,
                List.of(web1),
                Balancer.UNCHECKED,
                "routes:",
                "  all:",
                "    set-request-headers: {X-Tenant: a}",
                "    remove-request-headers: [X-Debug]",
                "    set-response-headers: {Strict-Transport-Security: max-age=1}",
                "    remove-response-headers: [X-Powered-By]")) {
            RawResponse answer = balancer.get("/", "X-Tenant: b", "X-Debug: 1");
            assertThat(seen().headers("X-Tenant")).containsExactly("a");
            assertThat(seen().headers("X-Debug")).isEmpty();
            assertThat(answer.headers("Strict-Transport-Security")).containsExactly("max-age=1");
            assertThat(answer.headers("X-Powered-By")).isEmpty();
        }
    }
}
