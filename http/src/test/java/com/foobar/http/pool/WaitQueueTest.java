package com.foobar.http.pool;

import static com.foobar.http.pool.Pools.backend;
import static com.foobar.http.pool.Pools.pick;
import static com.foobar.http.pool.Pools.server;
import static com.foobar.http.pool.Pools.up;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Balance.Kind;
import com.foobar.http.pool.WaitQueue.Place;
import com.foobar.http.pool.WaitQueue.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
    private final Pool pool = up(
            Kind.ROUNDROBIN,
            List.of(server("a").withMaxConnections(1), server("b").withMaxConnections(1)));
    private final Backend a = backend(pool, "a");
    private final Backend b = backend(pool, "b");
    private final WaitQueue<String> queue = new WaitQueue<>(pool, 3);

    private void fill() {
        pick(pool);
        pick(pool);
    }

    private Place<String> enqueue(String token, Caller caller) {
        return queue.enqueue(token, caller, 0, 100);
    }

    private static String who(Served<String> served) {
        return served == null
                ? "nobody"
                : served.token() + "@" + served.chosen().backend().name();
    }

    @Test
    void firstComeFirstServedAndBounded() {
        fill();
        for (int i = 1; i <= 3; i++) {
            assertThat(enqueue("r" + i, Caller.anyone())).isEqualTo(new Place.Waiting<>(i));
        }
        assertThat(enqueue("r4", Caller.anyone())).isEqualTo(new Place.Refused<>(3));
        assertThat(who(queue.release(b, 0))).isEqualTo("r1@b");
        assertThat(who(queue.release(a, 0))).isEqualTo("r2@a");
        assertThat(pool.pick(Caller.anyone(), 0)).as("handed over, never free").isInstanceOf(Pick.Full.class);
        assertThat(who(queue.release(a, 0))).isEqualTo("r3@a");
        assertThat(who(queue.release(a, 0))).isEqualTo("nobody");
        assertThat(who(queue.release(b, 0))).isEqualTo("nobody");
        assertThat(a.load().inFlight() + b.load().inFlight()).isZero();
        assertThat(a.load().picks() + b.load().picks()).isEqualTo(5);
    }

    @Test
    void aPlaceThatBecameFreeMeanwhileIsTakenAtOnce() {
        fill();
        queue.release(a, 0);
        assertThat(enqueue("r1", Caller.anyone())).isInstanceOf(Place.Free.class);
        assertThat(queue.length()).isZero();
        assertThat(a.load().inFlight()).isEqualTo(1);
    }

    @Test
    void theBoundAndTheBurntAreServedOnlyWhereTheyMayGo() {
        fill();
        enqueue("bound", new Caller("b", null));
        Caller burnt = Caller.anyone();
        burnt.tried(a);
        enqueue("burnt", burnt);
        enqueue("free", Caller.anyone());
        assertThat(b.load().waiting()).isEqualTo(1);
        assertThat(who(queue.release(a, 0))).isEqualTo("free@a");
        assertThat(who(queue.release(a, 0))).isEqualTo("nobody");
        assertThat(who(queue.release(b, 0))).isEqualTo("bound@b");
        assertThat(b.load().waiting()).isZero();
        assertThat(who(queue.release(b, 0))).isEqualTo("burnt@b");
    }

    @Test
    void whoIsLateIsReturnedOnceAndWhoLeftIsForgotten() {
        fill();
        enqueue("gone", Caller.anyone());
        queue.enqueue("late", new Caller("a", null), 0, 50);
        enqueue("patient", Caller.anyone());
        assertThat(queue.cancel("gone")).isTrue();
        assertThat(queue.cancel("gone")).isFalse();
        assertThat(queue.expire(49)).isEmpty();
        assertThat(queue.expire(50)).containsExactly("late");
        assertThat(queue.expire(50)).isEmpty();
        assertThat(a.load().waiting()).isZero();
        assertThat(who(queue.release(a, 60))).isEqualTo("patient@a");
        assertThat(queue.cancel("patient")).as("served already").isFalse();
    }

    @Test
    void aServerThatWentDownIsGivenToNobodyAndItsReturnServesAll() {
        fill();
        enqueue("r1", Caller.anyone());
        a.verdict(false, 0);
        assertThat(who(queue.release(a, 0))).isEqualTo("nobody");
        assertThat(queue.serve(0)).isEmpty();
        a.verdict(true, 0);
        assertThat(queue.serve(0)).extracting(WaitQueueTest::who).containsExactly("r1@a");
    }

    @Test
    void aReloadedLimitIsObeyed() {
        fill();
        enqueue("r1", Caller.anyone());
        enqueue("r2", Caller.anyone());
        enqueue("r3", Caller.anyone());
        pool.replace(List.of(server("a").withMaxConnections(3), server("b").withMaxConnections(1)), pool.balance());
        assertThat(queue.serve(0)).extracting(WaitQueueTest::who).containsExactly("r1@a", "r2@a");
        pool.replace(List.of(server("a").withMaxConnections(2)), pool.balance());
        assertThat(who(queue.release(b, 0))).as("removed").isEqualTo("nobody");
        assertThat(who(queue.release(a, 0))).as("3 of 2: that place is gone").isEqualTo("nobody");
        assertThat(who(queue.release(a, 0))).isEqualTo("r3@a");
    }

    /** Many threads, one place each: nobody is lost, nobody waits while a place is free, no limit is passed. */
    @Test
    void nobodyIsForgottenUnderContention() throws Exception {
        int threads = 4;
        int each = 20_000;
        WaitQueue<BlockingQueue<Served<?>>> contended = new WaitQueue<>(pool, threads);
        AtomicInteger atOnce = new AtomicInteger();
        ExecutorService all = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                ends.add(all.submit(() -> {
                    BlockingQueue<Served<?>> own = new LinkedBlockingQueue<>();
                    for (int i = 0; i < each; i++) {
                        Backend place = place(contended, own);
                        assertThat(atOnce.incrementAndGet()).isLessThanOrEqualTo(2);
                        atOnce.decrementAndGet();
                        Served<BlockingQueue<Served<?>>> next = contended.release(place, 0);
                        if (next != null) {
                            next.token().add(next);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        } finally {
            all.shutdownNow();
        }
        assertThat(contended.length()).isZero();
        assertThat(a.load().inFlight() + b.load().inFlight()).isZero();
        assertThat(a.load().picks() + b.load().picks()).isEqualTo((long) threads * each);
    }

    private Backend place(WaitQueue<BlockingQueue<Served<?>>> contended, BlockingQueue<Served<?>> own)
            throws InterruptedException {
        Caller caller = Caller.anyone();
        if (pool.pick(caller, 0) instanceof Pick.Chosen chosen) {
            return chosen.backend();
        }
        Place<BlockingQueue<Served<?>>> place = contended.enqueue(own, caller, 0, Long.MAX_VALUE);
        if (place instanceof Place.Free<?> free) {
            return free.chosen().backend();
        }
        Served<?> served = own.poll(20, TimeUnit.SECONDS);
        assertThat(served).as("lost wake-up: %s", place).isNotNull();
        return served.chosen().backend();
    }
}
