package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload changes what it says and disturbs nothing else. */
class ReloadTest {
    @TempDir
    Path data;

    private final ScriptedBackend a = ScriptedBackend.answering("a");
    private final ScriptedBackend b = ScriptedBackend.answering("b");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
        List.of(a, b).forEach(ScriptedBackend::close);
    }

    @Test
    void newServerIsUsedAndOneThatIsGoneFinishesItsRequest() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        a.script(request -> request.target().startsWith("/slow")
                ? Script.script().tell(inside).hold(finish).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")
                : Script.answer(200, "a"));
        try (Balancer balancer = Balancer.started(data, List.of(a));
                RawHttp http = balancer.connect()) {
            Future<RawResponse> last = threads.submit(() -> balancer.get("/slow"));
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(Balancer.get(http, "/").text()).isEqualTo("a");
            balancer.reload(List.of(a, b));
            // The newcomer gets nothing before its first check, and nobody is refused meanwhile.
            Await.until("b is asked", Balancer.PATIENCE, () -> {
                RawResponse answer = Balancer.get(http, "/");
                assertThat(answer.status()).isEqualTo(200);
                return answer.text().equals("b");
            });
            assertThat(b.requests().get(0).target()).isEqualTo("/health");
            balancer.reload(List.of(b));
            for (int i = 0; i < 10; i++) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("b");
            }
            finish.countDown();
            assertThat(last.get(5, TimeUnit.SECONDS).text()).isEqualTo("last");
        }
    }

    @Test
    void anotherPortIsOpenedAndTheOldOneShut() throws Exception {
        int other = FreePorts.one();
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            balancer.reload(List.of(a), "http: " + other);
            try (RawHttp http = RawHttp.connect(other)) {
                assertThat(Balancer.get(http, "/").text()).isEqualTo("a");
            }
            assertThatThrownBy(balancer::connect).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void portThatIsTakenRefusesTheReloadAndChangesNothing() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            assertThatThrownBy(() -> balancer.reload(List.of(b), "http: " + b.port()))
                    .isInstanceOf(ChangeRefused.class)
                    .hasMessageContaining("lb.http")
                    .hasMessageContaining(Integer.toString(b.port()));
            assertThat(balancer.get("/").text()).isEqualTo("a");
        }
    }

    @Test
    void whatOnlyARestartChangesIsRefused() throws Exception {
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            for (String key : List.of("io-threads: 3", "proxy-protocol: [10.0.0.0/8]")) {
                assertThatThrownBy(() -> balancer.reload(List.of(a), key))
                        .isInstanceOf(ChangeRefused.class)
                        .hasMessageContaining("restart");
            }
        }
    }

    @Test
    void limitsHoldFromTheReloadOn() throws Exception {
        String target = "/" + "x".repeat(600);
        try (Balancer balancer = Balancer.started(data, List.of(a))) {
            assertThat(balancer.get(target).status()).isEqualTo(200);
            balancer.reload(List.of(a), "limits: {head: 2KiB, target: 512}");
            assertThat(balancer.get(target).status()).isEqualTo(414);
        }
    }
}
