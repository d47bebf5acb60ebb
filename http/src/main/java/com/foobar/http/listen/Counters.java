package com.foobar.http.listen;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What listeners have seen since they started, for metrics; each number only grows. */
public final class Counters {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder proxyRefused = new LongAdder();
    private final LongAdder handshakesFailed = new LongAdder();
    private final LongAdder streamsRefused = new LongAdder();
    private final LongAdder idleClosed = new LongAdder();
    private final Map<Fault, LongAdder> faults = new EnumMap<>(Fault.class);

    Counters() {
        // Filled once and only read afterwards, so that threads may share it without a lock.
        for (Fault fault : Fault.values()) {
            faults.put(fault, new LongAdder());
        }
    }

    void accepted() {
        accepted.increment();
    }

    void proxyRefused() {
        proxyRefused.increment();
    }

    void handshakeFailed() {
        handshakesFailed.increment();
    }

    void streamRefused() {
        streamsRefused.increment();
    }

    void idleClosed() {
        idleClosed.increment();
    }

    void refused(Fault fault) {
        of(fault).increment();
    }

    public long connectionsAccepted() {
        return accepted.sum();
    }

    /** Connections closed because their PROXY header was missing, malformed or from a peer that is not trusted. */
    public long proxyHeadersRefused() {
        return proxyRefused.sum();
    }

    /** TLS connections that ended before they said anything in HTTP. */
    public long handshakesUnfinished() {
        return handshakesFailed.sum();
    }

    /** Connections closed before their first byte because they were silent too long. */
    public long silentClosed() {
        return idleClosed.sum();
    }

    /** HTTP/2 streams beyond the limit of their connection, or opened while it drained. */
    public long streamsRefused() {
        return streamsRefused.sum();
    }

    public long refusals(Fault fault) {
        return of(fault).sum();
    }

    private LongAdder of(Fault fault) {
        return Objects.requireNonNull(faults.get(fault));
    }
}
