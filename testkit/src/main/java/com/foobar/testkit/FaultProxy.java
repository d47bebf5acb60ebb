package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A TCP link on loopback that goes bad when the test says so, while it runs: put it between a client and its target. Faults
 * add up and hold for open and new connections until {@link #heal}.
 */
public final class FaultProxy implements AutoCloseable {

    /** The way bytes go. */
    public enum Direction {
        TO_TARGET,
        TO_CLIENT
    }

    private static final Duration LAST_THREAD = Duration.ofSeconds(5);

    private final InetSocketAddress target;
    private final int port = FreePorts.one();
    private final ThreadFactory threads;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when the faults change and when a link ends. */
    private final Condition changed = lock.newCondition();

    /** The three below are guarded by the lock. */
    private Faults faults = Faults.none(0);

    private @Nullable Door door;
    private boolean closed;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
        this.threads = Threads.named("link-to-" + target.getPort(), "pump");
    }

    /** A link to this port on loopback. */
    public static FaultProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public static FaultProxy to(InetSocketAddress target) {
        FaultProxy proxy = new FaultProxy(target);
        proxy.listen();
        return proxy;
    }

    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Every piece, either way, arrives this much later. */
    public FaultProxy latency(Duration delay) {
        return change(now -> now.withLatency(delay));
    }

    /** A narrow link: this many bytes a second, for each connection and direction. */
    public FaultProxy throttle(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("at least one byte a second; for none there is halfOpen");
        }
        return change(now -> now.withBytesPerSecond(bytesPerSecond));
    }

    /** Connections are accepted, nothing moves, nothing is lost: a host that froze. After heal the bytes arrive. */
    public FaultProxy halfOpen() {
        return change(Faults::withStall);
    }

    /** Everything vanishes both ways, the ends of connections too: a firewall that drops. */
    public FaultProxy blackHole() {
        return change(now -> now.withSwallowed(EnumSet.allOf(Direction.class)));
    }

    /** What goes this way vanishes; the other way works. */
    public FaultProxy cut(Direction direction) {
        return change(now -> {
            Set<Direction> both = EnumSet.of(direction);
            both.addAll(now.swallowed());
            return now.withSwallowed(both);
        });
    }

    /** Each connection is closed when this many more bytes have gone this way. */
    public FaultProxy closeAfter(Direction direction, long bytes) {
        return change(now -> now.withCloseAfter(direction, bytes));
    }

    /** Every open connection gets RST on both sides, once; new ones are as before. */
    public void resetNow() {
        links.forEach(Link::reset);
    }

    /** New connections are refused, as when nobody listens. */
    public void refuse() {
        Door old;
        lock.lock();
        try {
            old = door;
            door = null;
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.shut();
        }
    }

    /**
     * A good link again. Connections that lost bytes are reset: TCP delivers a stream whole or not at all, and a stream with
     * a hole would show faults no network has.
     */
    public void heal() {
        lock.lock();
        try {
            faults = Faults.none(faults.serial() + 1);
            changed.signalAll();
            if (door == null && !closed) {
                listen();
            }
        } finally {
            lock.unlock();
        }
        links.stream().filter(link -> link.hasLostBytes() && !link.isDead()).forEach(Link::reset);
    }

    /**
     * A good link again for new connections, while on those that are open everything still vanishes. After a network that dropped packets for
     * a while is whole again, TCP stays silent for about as long once more before it tries again.
     */
    public void healForNewOnes() {
        links.forEach(Link::die);
        heal();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that are open now, on either side. */
    public int openConnections() {
        return links.size();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        refuse();
        links.forEach(Link::close);
        Await.until("the links to " + target + " have ended", LAST_THREAD, links::size, size -> size == 0);
    }

    InetSocketAddress target() {
        return target;
    }

    Faults faults() {
        lock.lock();
        try {
            return faults;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, for a link's thread, until the faults are like that or the link has ended. */
    Faults awaitFaults(Link link, Predicate<Faults> wanted) throws InterruptedException {
        lock.lock();
        try {
            while (!link.hasEnded() && !wanted.test(faults)) {
                changed.await();
            }
            return faults;
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass for a link's thread, but not beyond the link's end. */
    void pause(Link link, Duration pause) throws InterruptedException {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (left > 0 && !link.hasEnded()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits for a link that is no more. */
    void ended(Link link) {
        links.remove(link);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Thread thread(Runnable pump) {
        return threads.newThread(pump);
    }

    private FaultProxy change(UnaryOperator<Faults> fault) {
        lock.lock();
        try {
            faults = fault.apply(faults);
            changed.signalAll();
            return this;
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        lock.lock();
        try {
            door = Door.open(address(), "link-to-" + target.getPort(), this::serve);
        } finally {
            lock.unlock();
        }
    }

    private void serve(Socket client) {
        connections.incrementAndGet();
        Link link = new Link(this, client);
        links.add(link);
        link.start();
    }
}
