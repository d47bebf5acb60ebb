package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import java.io.IOException;
import java.lang.Thread.State;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void whenItIsClosedNoThreadOfItsIsLeftInThePauseBeforeTheNextAttempt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (SystemTime time = new SystemTime("pool");
                ServerSocket rude = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread hangingUp = new Thread(() -> hangUp(rude, attempts));
            hangingUp.start();
            NodePool pool = new NodePool(
                    "pausing",
                    new PoolKey("db1", new HostPort("127.0.0.1", rude.getLocalPort()), Use.WRITE),
                    "app",
                    new Account("nobody", Secret.parse("x")),
                    Optional.empty(),
                    patient(),
                    time);
            // Each pause is twice as long as the one before: the eighth is more than a second.
            Await.until("its pauses are long", SOON, attempts::get, count -> count >= 8);

            pool.close();

            assertThat(Thread.getAllStackTraces()).noneSatisfy((thread, stack) -> {
                assertThat(thread.getName()).startsWith("pausing-pool");
                assertThat(stack)
                        .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("quietlySleep"));
            });
        }
    }

    private static void hangUp(ServerSocket rude, AtomicInteger attempts) {
        try {
            while (true) {
                rude.accept().close();
                attempts.incrementAndGet();
            }
        } catch (IOException closed) {
            // The test is over.
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
