package com.foobar.kernel.log;

import com.foobar.kernel.thread.Threads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue and the one thread that empties it into a sink. Who offers never waits: when the queue is full the event is
 * dropped and counted.
 *
 * <p>A ring without a lock, because I/O threads offer: the end counts what was accepted, the beginning what was taken out. Nor
 * does each event wake the writer: the first one after a silence does, those that follow are gathered, and half a queue wakes
 * it again.
 */
final class Backlog<E> {

    private static final int BATCH = 256;
    /** A sink that has to try again, or to notice that a file was moved away, gets its chance in quiet times too. */
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** While events come steadily: short enough for who watches a console, long enough to be rare beside the events. */
    private static final Duration GATHERING = Duration.ofMillis(50);
    /** What an offering thread needs between its claim of a slot and the filling of it, even when it was preempted there. */
    private static final Duration MOMENT = Duration.ofNanos(100_000);
    /** The sign bit of the end: whoever claims a slot sees in the same instant that it is too late. */
    private static final long CLOSED = Long.MIN_VALUE;

    private final Sink<E> sink;
    private final int capacity;
    /** A slot is null until it is filled, and again before the beginning passes it. */
    private final AtomicReferenceArray<@Nullable E> slots;

    private final AtomicLong end = new AtomicLong();
    /** Moved by the writer only. */
    private final AtomicLong beginning = new AtomicLong();

    private final AtomicBoolean asleep = new AtomicBoolean();
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean abandoned;

    /** The writer is named {@code owner-purpose-1}. */
    Backlog(String owner, String purpose, Sink<E> sink, int capacity) {
        this.sink = sink;
        this.capacity = capacity;
        this.slots = new AtomicReferenceArray<>(capacity);
        this.writer = Threads.one(owner, purpose, this::writeAll);
    }

    void start() {
        writer.start();
    }

    /** False when the event was dropped. For any thread. */
    boolean offer(E event) {
        long place = end.get();
        while (true) {
            // The end is read before the beginning: an outdated end makes the queue look emptier, and then its claim
            // fails.
            long ahead = place - beginning.get();
            if (place < 0 || ahead >= capacity) {
                dropped.increment();
                return false;
            }
            long found = end.compareAndExchange(place, place + 1);
            if (found == place) {
                slots.set((int) (place % capacity), event);
                wakeIfNeeded(ahead);
                return true;
            }
            place = found;
        }
    }

    /** Events that found the queue full, came after the end, were left behind at the end, or that the sink threw out. */
    long dropped() {
        return dropped.sum() + (abandoned ? waiting() : 0);
    }

    /** Writes what is queued and ends; what is not written by then stays unwritten, for a stuck disk must not stop a stop. */
    void close(Duration patience) {
        end.getAndUpdate(place -> place | CLOSED);
        // Not interrupted: an interrupt would close the file in the middle of a line.
        LockSupport.unpark(writer);
        try {
            writer.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        abandoned = true;
    }

    private void wakeIfNeeded(long ahead) {
        // Without a lock no claim skips a level while the queue fills, so one of them meets the half exactly.
        boolean halfFull = ahead == capacity / 2;
        boolean first = asleep.get() && asleep.compareAndSet(true, false);
        if (halfFull || first) {
            LockSupport.unpark(writer);
        }
    }

    private void writeAll() {
        while (!abandoned && !(isClosed() && waiting() == 0)) {
            int written = writeBatch();
            guarded(sink::flush);
            if (written < BATCH) {
                rest(written > 0);
            }
        }
        guarded(sink::close);
    }

    private int writeBatch() {
        int written = 0;
        E event;
        while (written < BATCH && !abandoned && (event = taken()) != null) {
            E taken = event;
            if (!guarded(() -> sink.write(taken))) {
                dropped.increment();
            }
            written++;
        }
        return written;
    }

    private @Nullable E taken() {
        long place = beginning.get();
        int slot = (int) (place % capacity);
        E event = slots.get(slot);
        if (event != null) {
            slots.set(slot, null);
            beginning.set(place + 1);
        }
        return event;
    }

    private void rest(boolean wasBusy) {
        if (isClosed()) {
            LockSupport.parkNanos(this, MOMENT.toNanos());
        } else if (wasBusy) {
            LockSupport.parkNanos(this, GATHERING.toNanos());
        } else {
            // First said, then looked: whoever fills a slot after this look finds the flag and wakes us.
            asleep.set(true);
            LockSupport.parkNanos(this, (waiting() > 0 ? MOMENT : IDLE).toNanos());
            asleep.set(false);
        }
        // Nobody has a reason to interrupt this thread, and an interrupt would keep it from resting and close the file.
        boolean unused = Thread.interrupted();
    }

    /** A sink handles what it can; whatever else happens, even an Error, the next event deserves its chance. */
    private static boolean guarded(Runnable work) {
        try {
            work.run();
            return true;
        } catch (Throwable failed) {
            return false;
        }
    }

    private boolean isClosed() {
        return end.get() < 0;
    }

    private long waiting() {
        return (end.get() & ~CLOSED) - beginning.get();
    }
}
