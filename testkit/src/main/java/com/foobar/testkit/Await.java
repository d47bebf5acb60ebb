package com.foobar.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bounded waiting for what another thread or process will do, with a failure that names what did not come. */
public final class Await {

    private static final Duration FIRST_PAUSE = Duration.ofNanos(200_000);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

    private Await() {}

    public static void until(String what, Duration patience, BooleanSupplier condition) {
        Boolean unused = until(what, patience, condition::getAsBoolean, value -> value);
    }

    /** Asks again and again until the value is as wanted, and returns that value; the failure shows the last one seen. */
    public static <T> T until(String what, Duration patience, Supplier<T> value, Predicate<? super T> wanted) {
        long began = System.nanoTime();
        long pause = FIRST_PAUSE.toNanos();
        while (true) {
            // The clock is read before the value: a machine that stalls in between still gets its last look.
            boolean late = System.nanoTime() - began >= patience.toNanos();
            T seen = value.get();
            if (wanted.test(seen)) {
                return seen;
            }
            if (late) {
                throw failure(what, patience, seen);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting until " + what + "; last seen: " + seen);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE.toNanos());
        }
    }

    private static AssertionError failure(String what, Duration patience, @Nullable Object seen) {
        return new AssertionError("waited " + patience + " until " + what + ", in vain; last seen: " + seen);
    }
}
