package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import com.foobar.kernel.time.Time;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** What one I/O thread needs for all its requests; touched by that thread only. */
final class Lane implements Runnable {
    static final int BUFFER_BYTES = 32 * 1024;

    /** For bodies that keep the small one full: fewer system calls and wake-ups for each megabyte. */
    static final int LARGE_BUFFER_BYTES = 256 * 1024;

    private static final int SPARE_BUFFERS = 64;
    /** No more, also when all clients are slow and hold theirs; who gets none goes on with a small one. */
    private static final int LARGE_BUFFERS = 16;

    private static final int TICK_MILLIS = 20;
    private static final int SLOW_TICK_MILLIS = 1000;
    // Ticks go on for a while after the last request, so that a request now and then does not start a timer each time.
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(2);

    final XnioIoThread thread;
    final Time time;
    final Keeping keeping;
    final RequestHead requestHead = new RequestHead(BUFFER_BYTES);
    final ResponseHead responseHead = new ResponseHead();
    final byte[] scratch = new byte[BUFFER_BYTES];

    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> spareLarge = new ArrayDeque<>();
    private int largeBuffers;
    private final Map<Address, IdleLegs> idle = new HashMap<>();
    private @Nullable Watched[] watched = new Watched[64];
    private int watchedCount;
    private boolean ticking;
    private boolean slow;
    private XnioExecutor.@Nullable Key next;
    private long lastBusy;
    private boolean closed;

    Lane(XnioIoThread thread, Time time, Keeping keeping) {
        this.thread = thread;
        this.time = time;
        this.keeping = keeping;
    }

    IdleLegs idle(Address address) {
        IdleLegs known = idle.get(address);
        if (known == null) {
            known = new IdleLegs(this, address);
            idle.put(address, known);
        }
        return known;
    }

    boolean closed() {
        return closed;
    }

    /** A buffer is held only while there are bytes in it, so thousands of quiet connections need none. */
    ByteBuffer takeBuffer() {
        ByteBuffer buffer = spare.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
    }

    /** Instead of a buffer that is empty; the same one when no larger is to be had. */
    ByteBuffer enlarge(ByteBuffer small) {
        if (small.capacity() == LARGE_BUFFER_BYTES) {
            return small;
        }
        ByteBuffer large = spareLarge.pollLast();
        if (large == null && largeBuffers == LARGE_BUFFERS) {
            return small;
        }
        if (large == null) {
            largeBuffers++;
            large = ByteBuffer.allocateDirect(LARGE_BUFFER_BYTES);
        }
        giveBuffer(small);
        return large;
    }

    void giveBuffer(ByteBuffer buffer) {
        if (buffer.capacity() == LARGE_BUFFER_BYTES) {
            buffer.clear();
            spareLarge.addLast(buffer);
        } else if (spare.size() < SPARE_BUFFERS) {
            buffer.clear();
            spare.addLast(buffer);
        }
    }

    void watch(Watched one) {
        if (one.place >= 0) {
            return;
        }
        if (watchedCount == watched.length) {
            watched = Arrays.copyOf(watched, 2 * watchedCount);
        }
        one.place = watchedCount;
        watched[watchedCount++] = one;
        if (!ticking || slow) {
            quicken();
        }
    }

    void unwatch(Watched one) {
        int place = one.place;
        if (place < 0) {
            return;
        }
        Watched last = watched[--watchedCount];
        watched[watchedCount] = null;
        if (last != null && last != one) {
            watched[place] = last;
            last.place = place;
        }
        one.place = -1;
    }

    /** An idle connection wants to be looked at some time. */
    void tickSlowly() {
        if (!ticking) {
            schedule(true);
        }
    }

    private void quicken() {
        XnioExecutor.Key waiting = next;
        if (waiting != null) {
            waiting.remove();
        }
        lastBusy = time.nanos();
        schedule(false);
    }

    private void schedule(boolean slowly) {
        slow = slowly;
        try {
            next = thread.executeAfter(this, slowly ? SLOW_TICK_MILLIS : TICK_MILLIS, TimeUnit.MILLISECONDS);
            ticking = true;
        } catch (RejectedExecutionException stopping) {
            // The thread closes all its connections itself; there is nothing left to time.
            ticking = false;
        }
    }

    /** The tick. */
    @Override
    public void run() {
        next = null;
        ticking = false;
        long now = time.nanos();
        if (watchedCount > 0) {
            lastBusy = now;
        }
        // Backwards, because a check may end its attempt and another takes its place.
        for (int i = watchedCount - 1; i >= 0; i--) {
            Watched one = i < watchedCount ? watched[i] : null;
            if (one != null) {
                one.check(now);
            }
        }
        boolean kept = false;
        for (IdleLegs some : idle.values()) {
            kept |= some.expire(now);
        }
        if (!kept && watchedCount == 0) {
            idle.clear();
        }
        boolean busy = watchedCount > 0 || now - lastBusy < CALM_NANOS;
        if ((busy || kept) && !closed && !ticking) {
            schedule(!busy);
        }
    }

    void close() {
        closed = true;
        for (IdleLegs some : idle.values()) {
            some.closeAll();
        }
    }
}
