package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    private static final Duration INTERVAL = Duration.ofMillis(10);

    @Test
    void everyRequestIsSentAndTimed() throws IOException {
        try (SystemTime time = new SystemTime("test");
                ScriptedBackend server =
                        ScriptedBackend.scripted("server", request -> Script.answer(200, "x".repeat(300_000)));
                OpenLoop loop = OpenLoop.connect(server.address(), "/a", 4, time)) {
            Latency latency = loop.run(50, INTERVAL);

            assertThat(server.requests()).hasSize(50);
            assertThat(latency.p50()).isPositive().isLessThan(Duration.ofMillis(400));
        }
    }

    /** The mistake this class exists to avoid: a closed loop would charge a stall to one request and call the rest fast. */
    @Test
    void aStallIsChargedToEveryRequestThatShouldHaveBeenSentInIt() throws IOException {
        AtomicBoolean first = new AtomicBoolean(true);
        try (SystemTime time = new SystemTime("test");
                ScriptedBackend server = ScriptedBackend.scripted(
                        "server",
                        request -> first.getAndSet(false)
                                ? Script.script()
                                        .delay(Duration.ofMillis(400))
                                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                                : Script.answer(200, "x"));
                OpenLoop loop = OpenLoop.connect(server.address(), "/", 1, time)) {
            Latency latency = loop.run(40, INTERVAL);

            assertThat(latency.p50()).isGreaterThan(Duration.ofMillis(150));
            assertThat(latency.p999()).isGreaterThanOrEqualTo(Duration.ofMillis(400));
            assertThat(latency.generator()).isLessThan(Duration.ofMillis(150));
        }
    }

    @Test
    void errorsAreNotTimed() throws IOException {
        try (SystemTime time = new SystemTime("test");
                ScriptedBackend server = ScriptedBackend.scripted("server", request -> Script.answer(503, "no"));
                OpenLoop loop = OpenLoop.connect(server.address(), "/", 1, time)) {
            assertThatThrownBy(() -> loop.run(5, INTERVAL))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("HTTP/1.1 503");
        }
    }

    @Test
    void aServerThatHangsUpIsNamed() throws IOException {
        try (SystemTime time = new SystemTime("test");
                ScriptedBackend server = ScriptedBackend.scripted(
                        "server", request -> Script.script().close());
                OpenLoop loop = OpenLoop.connect(server.address(), "/", 1, time)) {
            assertThatThrownBy(() -> loop.run(5, INTERVAL)).isInstanceOf(IOException.class);
        }
    }
}
