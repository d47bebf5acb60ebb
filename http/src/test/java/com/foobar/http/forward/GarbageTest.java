package com.foobar.http.forward;

import static com.foobar.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.RetryBudget;
import com.foobar.http.pool.RetryPolicy;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no HTTP become 502, and what brought them is not used again. */
class GarbageTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 999 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 O\u0000K\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\n X-A: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\u0000c\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
            })
    void heads(String answer) throws Exception {
        refused(script().write(answer));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 60})
    void heavyHeads(int kib) throws Exception {
        refused(script().write("HTTP/1.1 200 OK\r\nX-A: " + "x".repeat(kib << 10) + "\r\nContent-Length: 0\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 400})
    void manyFields(int fields) throws Exception {
        refused(script().write("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(fields) + "\r\n"));
    }

    @Test
    void interimAnswersWithoutEnd() throws Exception {
        refused(script().write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(33)));
    }

    @Test
    void someInterimAnswersAreFine() throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(32)
                                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().text()).isEqualTo("ok");
            assertThat(client.send(GET).response().text()).isEqualTo("ok");
        }
    }

    private static void refused(Script garbage) throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> garbage);
                Rig rig = Rig.before(s -> s.withRetries(new RetryPolicy(1), new RetryBudget(0, 0)), a);
                RawHttp client = rig.client()) {
            RawResponse response = client.send(GET).response();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.header("X-A")).isNull();
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_GARBAGE);
            Await.until(
                    "discarded",
                    Duration.ofSeconds(5),
                    () -> rig.pool.backends().get(0).load().connections(),
                    n -> n == 0);
            a.script(r -> Script.answer(200, "well"));
            assertThat(client.send(GET).response().text()).isEqualTo("well");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "1000000000000005\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nbad trailer\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: y\n\r\n",
                "5;\u0000\r\nhello\r\n0\r\n\r\n"
            })
    void chunks(String body) throws Exception {
        try (ScriptedBackend a = ScriptedBackend.scripted(
                        "a", r -> script().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body));
                Rig rig = Rig.before(s -> s.withRetries(new RetryPolicy(1), new RetryBudget(0, 0)), a);
                RawHttp client = rig.client()) {
            client.send(GET);
            String seen = client.untilClosed();
            assertThat(seen).doesNotContain("0\r\n\r\n");
            assertThat(rig.journey().ending()).isEqualTo(Ending.BACKEND_GARBAGE);
            assertThat(rig.pool.backends().get(0).load().connections()).isZero();
        }
    }
}
