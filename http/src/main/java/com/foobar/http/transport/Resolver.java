package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import com.foobar.kernel.time.Time;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/** Turns names into addresses off the I/O threads; an answer is good for a while, and an old one is used while it is renewed. */
final class Resolver {
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Known(InetSocketAddress socket, long since) {}

    private final Time time;
    private final Map<Address, Known> known = new ConcurrentHashMap<>();

    Resolver(Time time) {
        this.time = time;
    }

    /** Tells the address, or null if there is none; at once if it is known, else later, on the given thread. */
    void resolve(Address address, XnioIoThread thread, Consumer<@Nullable InetSocketAddress> told) {
        Known one = known.get(address);
        if (one != null) {
            if (!literal(address.host()) && time.nanos() - one.since > GOOD_NANOS) {
                known.put(address, new Known(one.socket, time.nanos()));
                inBackground(thread, () -> look(address));
            }
            told.accept(one.socket);
        } else if (literal(address.host())) {
            told.accept(look(address));
        } else if (!inBackground(thread, () -> {
            InetSocketAddress found = look(address);
            thread.execute(() -> told.accept(found));
        })) {
            told.accept(null);
        }
    }

    private static boolean inBackground(XnioIoThread thread, Runnable task) {
        try {
            thread.getWorker().execute(task);
            return true;
        } catch (RejectedExecutionException stopping) {
            return false;
        }
    }

    // A literal is never looked up, so asking for it cannot block.
    private static boolean literal(String host) {
        return host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    }

    private @Nullable InetSocketAddress look(Address address) {
        try {
            InetSocketAddress socket = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            known.put(address, new Known(socket, time.nanos()));
            return socket;
        } catch (UnknownHostException nobody) {
            return null;
        }
    }
}
