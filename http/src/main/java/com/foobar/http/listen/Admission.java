package com.foobar.http.listen;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts open connections, overall and per client address, and says when there are enough. Called by the I/O threads; the
 * counts of one address change inside its map entry, so two threads cannot both take the last place.
 */
final class Admission {

    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    /** Takes a place, or refuses. */
    boolean enter(InetAddress address, Limits limits) {
        if (open.incrementAndGet() <= limits.connections() && enterAs(address, limits)) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    /** Takes a place for a connection whose client is not known yet. */
    boolean enterBehindProxy(Limits limits) {
        if (open.incrementAndGet() <= limits.connections()) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void leaveBehindProxy() {
        open.decrementAndGet();
    }

    /** Takes a place under one address only: a PROXY header told whom an admitted connection is for. */
    boolean enterAs(InetAddress address, Limits limits) {
        int most = limits.connectionsPerAddress();
        boolean[] admitted = new boolean[1];
        byAddress.compute(address, (key, count) -> {
            int now = count == null ? 0 : count;
            admitted[0] = now < most;
            return admitted[0] ? Integer.valueOf(now + 1) : count;
        });
        return admitted[0];
    }

    void leave(InetAddress address) {
        leaveAs(address);
        open.decrementAndGet();
    }

    void leaveAs(InetAddress address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    int open() {
        return open.get();
    }

    int openFrom(InetAddress address) {
        return byAddress.getOrDefault(address, 0);
    }
}
