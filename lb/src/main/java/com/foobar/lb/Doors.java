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
import com.foobar.kernel.value.Cidr;
import io.undertow.server.HttpHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xnio.XnioWorker;

/** The listeners of a balancer, by the key that names their port. For one thread, but {@link #connections()}. */
final class Doors implements AutoCloseable {
    private final Listeners listeners;
    private final ServerCertificates certificates;
    private final Tls tls;
    private final HttpHandler front;
    private final Map<String, Listener> open = new LinkedHashMap<>();
    private Map<String, Binding> bindings = Map.of();

    Doors(XnioWorker worker, Time time, ErrorPages pages, LbPlan plan, CertificateMap certificates, HttpHandler front)
            throws StartFailure {
        this.listeners = new Listeners(worker, time, plan.live().limits().listening(), pages);
        this.certificates = new ServerCertificates(certificates);
        this.tls = Tls.of(context(plan.settings().fixed().tlsEngine()));
        this.front = front;
    }

    private javax.net.ssl.SSLContext context(TlsEngine engine) throws StartFailure {
        try {
            return engine.context(certificates);
        } catch (GeneralSecurityException missing) {
            throw new StartFailure(
                    "lb.tls-engine: " + missing.getMessage(), "set lb.tls-engine to auto or jdk", missing);
        }
    }

    /** Takes the ports; nobody is let in yet. */
    void bind(LbPlan plan) throws StartFailure {
        prepare(plan).commit();
    }

    /** Lets clients in. */
    void open() throws StartFailure {
        for (Listener listener : open.values()) {
            listener.open();
        }
    }

    /** New ports taken beside those in use, which nothing disturbs. */
    final class Step {
        private final Map<String, Binding> wanted;
        private final Map<String, Listener> taken;
        private final com.foobar.http.listen.Limits limits;

        private Step(Map<String, Binding> wanted, Map<String, Listener> taken, com.foobar.http.listen.Limits limits) {
            this.wanted = wanted;
            this.taken = taken;
            this.limits = limits;
        }

        /** Those that are new, for the caller to open; those not wanted any more take no new connections. */
        List<Listener> commit() {
            listeners.limits(limits);
            for (String key : List.copyOf(open.keySet())) {
                if (!wanted.containsKey(key) || taken.containsKey(key)) {
                    Listener old = open.remove(key);
                    if (old != null) {
                        // Its connections end with their present answer; nobody is cut.
                        old.retire();
                    }
                }
            }
            open.putAll(taken);
            bindings = wanted;
            return List.copyOf(taken.values());
        }

        void discard() {
            taken.values().forEach(listeners::remove);
        }
    }

    Step prepare(LbPlan plan) throws StartFailure {
        Map<String, Binding> wanted = bindings(plan);
        com.foobar.http.listen.Limits limits = plan.live().limits().listening();
        Map<String, Listener> taken = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Binding> one : wanted.entrySet()) {
                Binding before = bindings.get(one.getKey());
                if (before == null || !before.address().equals(one.getValue().address())) {
                    taken.put(one.getKey(), listeners.bind(one.getValue(), front));
                }
            }
        } catch (StartFailure failure) {
            taken.values().forEach(listeners::remove);
            throw failure;
        }
        return new Step(wanted, taken, limits);
    }

    private Map<String, Binding> bindings(LbPlan plan) {
        LbSettings.Live live = plan.live();
        Map<String, Binding> wanted = new LinkedHashMap<>();
        if (live.http() != 0) {
            wanted.put("lb.http", Binding.http("lb.http", new InetSocketAddress(plan.address(), live.http())));
        }
        if (live.https() != 0) {
            wanted.put("lb.https", Binding.https("lb.https", new InetSocketAddress(plan.address(), live.https()), tls));
        }
        if (!live.proxyProtocol().isEmpty()) {
            wanted.replaceAll((key, binding) -> binding.withProxyFrom(trust(live.proxyProtocol())));
        }
        return wanted;
    }

    static Trust trust(List<Cidr> networks) {
        if (networks.isEmpty()) {
            return Trust.NOBODY;
        }
        return (InetAddress peer) -> networks.stream().anyMatch(network -> network.contains(peer));
    }

    void certificates(CertificateMap next) {
        certificates.replace(next);
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
