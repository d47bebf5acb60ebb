package com.foobar.lb;

import com.foobar.http.listen.Binding;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Listeners;
import com.foobar.http.listen.Tls;
import com.foobar.http.listen.TlsEngine;
import com.foobar.http.listen.Trust;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.CertificateMap;
import com.foobar.kernel.tls.ServerCertificates;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/** The listeners of a balancer, by their address. For one thread, but {@link #connections()}. */
final class Doors implements AutoCloseable {
    private final Listeners listeners;
    private final HttpHandler front;
    private final Map<InetSocketAddress, Listener> open = new LinkedHashMap<>();
    private @Nullable Shown shown;

    /** What HTTPS needs; not there before HTTPS is first wanted. */
    private record Shown(ServerCertificates certificates, Tls tls) {}

    Doors(XnioWorker worker, Time time, ErrorPages pages, LbPlan plan, HttpHandler front) {
        this.listeners = new Listeners(worker, time, plan.live().limits().listening(), pages);
        this.front = front;
    }

    /** Takes the ports; nobody is let in yet. */
    void bind(LbPlan plan, @Nullable CertificateMap certificates) throws StartFailure {
        List<Listener> unused = prepare(plan, certificates).commit();
    }

    /** Lets clients in. */
    void open() throws StartFailure {
        for (Listener listener : open.values()) {
            listener.open();
        }
    }

    /** New ports taken beside those in use, which nothing disturbs. */
    final class Step {
        private final Map<InetSocketAddress, Binding> wanted;
        private final Map<InetSocketAddress, Listener> taken;
        private final com.foobar.http.listen.Limits limits;
        private final @Nullable CertificateMap certificates;
        private final @Nullable Shown next;

        private Step(
                Map<InetSocketAddress, Binding> wanted,
                Map<InetSocketAddress, Listener> taken,
                com.foobar.http.listen.Limits limits,
                @Nullable CertificateMap certificates,
                @Nullable Shown next) {
            this.wanted = wanted;
            this.taken = taken;
            this.limits = limits;
            this.certificates = certificates;
            this.next = next;
        }

        /** Those that are new, for the caller to open; those not wanted any more take no new connections. */
        List<Listener> commit() {
            shown = next;
            if (next != null && certificates != null) {
                next.certificates.replace(certificates);
            }
            listeners.limits(limits);
            Map.copyOf(open).forEach((address, listener) -> {
                Binding now = wanted.get(address);
                if (now != null) {
                    listener.become(now);
                } else {
                    // Its connections end with their present answer; nobody is cut.
                    open.remove(address);
                    listeners.retire(listener);
                }
            });
            open.putAll(taken);
            return List.copyOf(taken.values());
        }

        void discard() {
            taken.values().forEach(listeners::remove);
        }
    }

    /**
     * A port that is ours already stays as it is, whichever key names it now: so two keys can change places.
     *
     * @param certificates null only when the plan has no HTTPS
     */
    Step prepare(LbPlan plan, @Nullable CertificateMap certificates) throws StartFailure {
        Shown next = shown == null && certificates != null
                ? shown(certificates, plan.settings().fixed().tlsEngine())
                : shown;
        Map<InetSocketAddress, Binding> wanted = bindings(plan, next);
        Map<InetSocketAddress, Listener> taken = new LinkedHashMap<>();
        try {
            for (Binding one : wanted.values()) {
                if (!open.containsKey(one.address())) {
                    taken.put(one.address(), listeners.bind(one, front));
                }
            }
        } catch (StartFailure failure) {
            taken.values().forEach(listeners::remove);
            throw failure;
        }
        return new Step(wanted, taken, plan.live().limits().listening(), certificates, next);
    }

    private static Shown shown(CertificateMap first, TlsEngine engine) throws StartFailure {
        ServerCertificates certificates = new ServerCertificates(first);
        try {
            return new Shown(certificates, Tls.of(engine.context(certificates)));
        } catch (GeneralSecurityException missing) {
            throw new StartFailure(
                    "lb.tls-engine: " + missing.getMessage(), "set lb.tls-engine to auto or jdk", missing);
        }
    }

    private static Map<InetSocketAddress, Binding> bindings(LbPlan plan, @Nullable Shown shown) throws StartFailure {
        LbSettings.Live live = plan.live();
        Map<InetSocketAddress, Binding> wanted = new LinkedHashMap<>();
        if (live.http() != 0) {
            InetSocketAddress address = new InetSocketAddress(plan.address(), live.http());
            wanted.put(address, Binding.http("lb.http", address));
        }
        if (live.https() != 0 && shown != null) {
            InetSocketAddress address = new InetSocketAddress(plan.address(), live.https());
            if (wanted.put(address, Binding.https("lb.https", address, shown.tls)) != null) {
                throw new StartFailure(
                        "lb.http and lb.https are both " + live.https(), "set one of them to another port, or to 0");
            }
        }
        if (!live.proxyProtocol().isEmpty()) {
            wanted.replaceAll((address, binding) -> binding.withProxyFrom(Trust.in(live.proxyProtocol())));
        }
        return wanted;
    }

    int connections() {
        return listeners.openConnections();
    }

    boolean drain(Duration patience) throws InterruptedException {
        return listeners.drain(patience);
    }

    @Override
    public void close() {
        listeners.close();
    }
}
