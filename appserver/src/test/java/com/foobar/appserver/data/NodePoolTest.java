package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodePoolTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void whoWaitsForAConnectionIsSentAwayWhenThePoolIsGivenUp() throws Exception {
        try (SystemTime time = new SystemTime("pool");
                ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                NodePool pool = new NodePool(
                        "test",
                        new PoolKey("db1", new HostPort("127.0.0.1", silent.getLocalPort()), Use.WRITE),
                        "app",
                        new Account("nobody", Secret.parse("x")),
                        Optional.empty(),
                        patient(),
                        time)) {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            CompletableFuture<Throwable> refused = CompletableFuture.supplyAsync(() -> {
                Throwable failure = catchThrowable(pool::borrow);
                interrupted.complete(Thread.currentThread().isInterrupted());
                return failure;
            });
            Await.until("it waits", Duration.ofSeconds(10), pool::waiting, waiting -> waiting == 1);

            int unused = pool.retire();

            assertThat(refused.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessage("db1 was given up while a connection was waited for");
            assertThat(interrupted.get()).isFalse();
            assertThat(catchThrowable(pool::borrow))
                    .as("who comes later")
                    .isInstanceOf(SQLTransientConnectionException.class);
        }
    }

    private static DataSettings patient() {
        return new DataSettings(
                2,
                2,
                LONG,
                LONG,
                LONG,
                LONG,
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                true,
                RequestComment.PLAIN);
    }
}
