package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import java.lang.Thread.State;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodePoolTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(10);

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
            Borrower first = new Borrower(pool);
            Await.until("it waits for a connection", SOON, pool::waiting, waiting -> waiting == 1);
            Borrower second = new Borrower(pool);
            Await.until("it waits for its share", SOON, second.thread::getState, state -> state == State.TIMED_WAITING);

            int unused = pool.retire();

            for (Borrower one : List.of(first, second)) {
                assertThat(one.refused.get(20, TimeUnit.SECONDS))
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessage("db1 was given up while a connection was waited for");
                assertThat(one.interrupted.get()).isFalse();
            }
            assertThat(catchThrowable(() -> pool.borrow("shop")))
                    .as("who comes later")
                    .isInstanceOf(SQLTransientConnectionException.class);
        }
    }

    /** A thread of an application that may hold one of the two connections. */
    private static final class Borrower {
        private final CompletableFuture<Throwable> refused = new CompletableFuture<>();
        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        private final Thread thread;

        Borrower(NodePool pool) {
            thread = new Thread(() -> {
                Throwable failure = catchThrowable(() -> pool.borrow("shop"));
                interrupted.complete(Thread.currentThread().isInterrupted());
                refused.complete(failure);
            });
            thread.start();
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
