package com.foobar.http.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests waiting for a place in one pool, first come first served, bounded. It calls nobody back: every method returns what
 * the caller has to do. Thread-safe; its lock is taken before the rotation's and never the other way round.
 *
 * @param <T> what identifies a waiting request
 */
public final class WaitQueue<T> {
    private final Pool pool;
    private final int limit;
    private final Object lock = new Object();
    // Guarded by lock; insertion order is the order of arrival.
    private final Map<T, Waiter<T>> waiters = new LinkedHashMap<>();
    // Written under the lock, read without it: a release must not take a lock when nobody waits.
    private volatile int length;

    public WaitQueue(Pool pool, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("pool " + pool.name() + ": a queue of " + limit + " places");
        }
        this.pool = pool;
        this.limit = limit;
    }

    private record Waiter<T>(T token, Caller caller, long deadlineNanos, @Nullable Backend bound) {}

    /** Whose turn it is, and where; the place is taken already. */
    public record Served<T>(T token, Pick.Chosen chosen) {}

    /** What became of a request that came to wait. */
    public sealed interface Place<T> {
        /** It waits, as number {@code position}. */
        record Waiting<T>(int position) implements Place<T> {}

        /** A place became free in the meantime: go at once. */
        record Free<T>(Pick.Chosen chosen) implements Place<T> {}

        /** The queue is full. */
        record Refused<T>(int limit) implements Place<T> {}
    }

    /** Queues a request that found everybody full. */
    public Place<T> enqueue(T token, Caller caller, long nowNanos, long deadlineNanos) {
        synchronized (lock) {
            if (waiters.containsKey(token)) {
                throw new IllegalStateException("pool " + pool.name() + ": " + token + " is waiting already");
            }
            if (waiters.size() >= limit) {
                return new Place.Refused<>(limit);
            }
            Waiter<T> waiter = new Waiter<>(token, caller, deadlineNanos, pool.bound(caller));
            add(waiter);
            // Between the caller's pick and this line the last running request may have ended, seen nobody waiting, and
            // left: then
            // nobody would ever wake this one. Being counted first and looking again second closes the gap.
            Pick.Chosen chosen = pool.choose(caller, nowNanos);
            if (chosen != null) {
                remove(waiter);
                return new Place.Free<>(chosen);
            }
            return new Place.Waiting<>(waiters.size());
        }
    }

    /** Gives back the place of a finished or failed request, and returns the request that now has it, if one waits for it. */
    public @Nullable Served<T> release(Backend backend, long nowNanos) {
        if (length == 0) {
            backend.end();
            // The mirror image of the second look in enqueue: free first, look second.
            return length == 0 ? null : first(nowNanos);
        }
        synchronized (lock) {
            for (Waiter<T> waiter : waiters.values()) {
                Pick.Chosen chosen = pool.handOver(backend, waiter.caller());
                if (chosen != null) {
                    remove(waiter);
                    return new Served<>(waiter.token(), chosen);
                }
            }
            backend.end();
            return null;
        }
    }

    /** Serves all who can be served: call it after a reload, a backend's come-back, or an order of the operator. */
    public List<Served<T>> serve(long nowNanos) {
        List<Served<T>> served = new ArrayList<>();
        while (length > 0) {
            Served<T> next = first(nowNanos);
            if (next == null) {
                break;
            }
            served.add(next);
        }
        return served;
    }

    private @Nullable Served<T> first(long nowNanos) {
        synchronized (lock) {
            for (Waiter<T> waiter : waiters.values()) {
                Pick.Chosen chosen = pool.choose(waiter.caller(), nowNanos);
                if (chosen != null) {
                    remove(waiter);
                    return new Served<>(waiter.token(), chosen);
                }
            }
            return null;
        }
    }

    /** Takes out and returns those whose time is over. */
    public List<T> expire(long nowNanos) {
        List<T> late = new ArrayList<>();
        synchronized (lock) {
            for (Iterator<Waiter<T>> all = waiters.values().iterator(); all.hasNext(); ) {
                Waiter<T> waiter = all.next();
                if (nowNanos - waiter.deadlineNanos() >= 0) {
                    all.remove();
                    removed(waiter);
                    late.add(waiter.token());
                }
            }
        }
        return late;
    }

    /** The client went away. False if it no longer waits: it was served or expired, and whoever was told so must see to it. */
    public boolean cancel(T token) {
        synchronized (lock) {
            Waiter<T> waiter = waiters.get(token);
            if (waiter == null) {
                return false;
            }
            remove(waiter);
            return true;
        }
    }

    public int length() {
        return length;
    }

    private void add(Waiter<T> waiter) {
        waiters.put(waiter.token(), waiter);
        length = waiters.size();
        if (waiter.bound() != null) {
            waiter.bound().load().waits(1);
        }
    }

    private void remove(Waiter<T> waiter) {
        waiters.remove(waiter.token());
        removed(waiter);
    }

    private void removed(Waiter<T> waiter) {
        length = waiters.size();
        if (waiter.bound() != null) {
            waiter.bound().load().waits(-1);
        }
    }
}
