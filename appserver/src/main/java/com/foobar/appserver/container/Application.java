package com.foobar.appserver.container;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One started version of an application, and the requests that are in it. */
public final class Application {
    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final String name;
    private final String contextPath;
    private final Generation generation;
    private final Webapp webapp;
    private final Time time;
    /** Requests in it; from {@link Integer#MIN_VALUE} upwards once no more may come. */
    private final AtomicInteger inside = new AtomicInteger();

    private final Object emptied = new Object();
    private volatile boolean draining;
    private volatile int limit;

    /** What became of a request that wanted in. */
    enum Admission {
        INSIDE,
        FULL,
        GONE
    }

    Application(String name, String contextPath, Generation generation, Webapp webapp, int limit, Time time) {
        this.name = name;
        this.contextPath = contextPath;
        this.generation = generation;
        this.webapp = webapp;
        this.limit = limit;
        this.time = time;
    }

    public String name() {
        return name;
    }

    public String contextPath() {
        return contextPath;
    }

    public Generation generation() {
        return generation;
    }

    public int inFlight() {
        int now = inside.get();
        return now < 0 ? now - Integer.MIN_VALUE : now;
    }

    /** Holds for requests from now on. */
    public void limit(int requests) {
        limit = requests;
    }

    /** For tests that look for leaks; null once stopped. */
    public @Nullable ClassLoader classLoader() {
        return webapp.classLoader();
    }

    Handler handler() {
        return webapp.handler();
    }

    Admission enter() {
        while (true) {
            int now = inside.get();
            if (now < 0) {
                return Admission.GONE;
            }
            if (now >= limit) {
                return Admission.FULL;
            }
            if (inside.compareAndSet(now, now + 1)) {
                return Admission.INSIDE;
            }
        }
    }

    void leave() {
        int now = inside.decrementAndGet();
        if (draining && (now == 0 || now == Integer.MIN_VALUE)) {
            synchronized (emptied) {
                emptied.notifyAll();
            }
        }
    }

    /**
     * Waits until the last request has left, stops the application and closes its class loader. Nobody must be able to find it
     * any more; who found it before and comes too late is sent to look again.
     */
    public void retire(Duration patience) {
        try {
            if (!drained(patience)) {
                log.warn(
                        "{}: {} requests did not end within {} and lose their application", name, inFlight(), patience);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        inside.getAndUpdate(now -> now < 0 ? now : now + Integer.MIN_VALUE);
        try {
            webapp.stop();
        } catch (Exception failed) {
            log.warn("{} did not stop in order: {}", name, failed.toString(), failed);
        }
    }

    private boolean drained(Duration patience) throws InterruptedException {
        long begun = time.nanos();
        draining = true;
        synchronized (emptied) {
            while (!inside.compareAndSet(0, Integer.MIN_VALUE)) {
                long left = patience.toNanos() - (time.nanos() - begun);
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(emptied, Math.max(1_000_000, left));
            }
        }
        return true;
    }
}
