package com.foobar.lb;

import com.foobar.http.forward.Forwarder;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Listeners;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.OperatorState;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.http.transport.Keeping;
import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.log.FileLimits;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.tls.CertificateMap;
import com.foobar.kernel.tls.TlsMaterialException;
import com.foobar.lb.rule.RouteTable;
import com.foobar.lb.rule.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioWorker;

/** The role {@code lb}. Its ports open when every server has been checked once, so that a start is no outage. */
public final class LoadBalancer implements Role<LbPlan> {
    private static final Logger log = LoggerFactory.getLogger(LoadBalancer.class);

    private final String name;
    private final Path data;
    private final Time time;
    private final TierMetrics metrics;
    private final ErrorPages pages = new ErrorPages();
    private final Fabric.Way way;
    private final OperatorState orders;
    private final BiConsumer<String, Readings> board = this::read;
    private final Stations stations;
    private volatile LbPlan plan;
    private volatile Readiness readiness = Readiness.no("not started");
    private RouteTable routes;
    private @Nullable Running running;

    /** What exists between start and close. */
    private record Running(XnioWorker worker, Doors doors, Front front, Journal<Access> journal) {}

    /**
     * Nothing is open yet.
     *
     * @param fleetIndex the place of this balancer among those of the topology, counted from 0
     * @param data the directory for certificates, orders and the access log
     */
    public LoadBalancer(
            String name, long fleetIndex, LbPlan plan, Path data, Time time, TierMetrics metrics, Fabric fabric) {
        this.name = name;
        this.plan = plan;
        this.data = data;
        this.time = time;
        this.metrics = metrics;
        this.way = fabric.way(Keeping.DEFAULT);
        this.routes = RouteTable.of(plan.live().routes(), site(plan));
        this.orders = new OperatorState(data.resolve(name + "-orders.json"));
        this.stations = new Stations(name, fleetIndex, orders, metrics, time, way);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void start() throws StartFailure {
        CertificateMap certificates = certificates(plan);
        orders.read();
        metrics.expect(name, "", "");
        Journal<Access> journal = Journal.open(
                data.resolve("logs"), "access-" + name + ".jsonl", FileLimits.DEFAULT, time, log::warn, Access::line);
        Front front =
                new Front(name, new Front.Ways(routes, Map.of(), Trust.NOBODY, false), pages, metrics, journal, time);
        XnioWorker worker = Listeners.worker(name, ioThreads(), 2);
        try {
            Doors doors = new Doors(worker, time, pages, plan, front);
            running = new Running(worker, doors, front, journal);
            doors.bind(plan, certificates);
            install(prepared(plan, front), plan, front);
            doors.open();
        } catch (StartFailure failure) {
            close();
            journal.close();
            worker.shutdownNow();
            throw failure;
        }
        metrics.add(board);
        readiness = Readiness.yes();
    }

    private int ioThreads() {
        int wanted = plan.settings().fixed().ioThreads();
        return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
    }

    /** Null without HTTPS: then no file of it is looked at, and no authority made. */
    private @Nullable CertificateMap certificates(LbPlan of) throws StartFailure {
        if (of.live().https() == 0) {
            return null;
        }
        try {
            return new Certificates(name, data.resolve("certs"), time).read(of);
        } catch (TlsMaterialException broken) {
            throw Certificates.unusable(broken);
        }
    }

    /**
     * The pools of a plan, every server of which has been checked. One that does not answer must not hold up the start or the
     * reload: it is out until it does.
     */
    private Stations.Step prepared(LbPlan next, Front front) throws StartFailure {
        Stations.Step step = stations.prepare(next, front);
        try {
            PoolStation.awaitFirstRound(name, step.checked());
        } catch (StartFailure stopped) {
            step.discard();
            throw stopped;
        }
        return step;
    }

    /** Pools first, then the ways to them: a route never leads nowhere. */
    private void install(Stations.Step pools, LbPlan next, Front front) {
        Map<String, Forwarder> ways = pools.commit();
        // What clients have used of their rates is not forgotten by a reload.
        routes = routes.with(next.live().routes(), site(next));
        front.replace(new Front.Ways(routes, ways, Trust.in(next.live().trusted()), next.expose()));
        pools.closeOthers();
    }

    private static Site site(LbPlan of) {
        Set<String> hosts = new LinkedHashSet<>(of.live().hosts());
        hosts.add(of.site());
        hosts.add(of.address());
        if (of.address().startsWith("127.") || of.address().equals("::1")) {
            hosts.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
        }
        return new Site(List.copyOf(hosts), of.live().https());
    }

    @Override
    public Change prepare(LbPlan next) throws ChangeRefused {
        Running now = running;
        if (now == null) {
            throw new ChangeRefused("is not running");
        }
        if (!next.settings().fixed().equals(plan.settings().fixed())) {
            throw new ChangeRefused("lb.io-threads and lb.tls-engine change with a restart only");
        }
        if (!next.live().proxyProtocol().equals(plan.live().proxyProtocol())) {
            throw new ChangeRefused("lb.proxy-protocol changes with a restart only: open ports keep whom they believe");
        }
        try {
            return prepared(now, next);
        } catch (StartFailure failure) {
            throw new ChangeRefused(failure.getMessage() + "; " + failure.cure(), failure);
        }
    }

    private Change prepared(Running now, LbPlan next) throws StartFailure {
        CertificateMap certificates = certificates(next);
        Doors.Step doors = now.doors().prepare(next, certificates);
        try {
            return new Reload(now, next, doors, prepared(next, now.front()));
        } catch (StartFailure stopped) {
            doors.discard();
            throw stopped;
        }
    }

    /** Everything that can fail has been done. */
    private final class Reload implements Change {
        private final Running now;
        private final LbPlan next;
        private final Doors.Step doors;
        private final Stations.Step pools;

        Reload(Running now, LbPlan next, Doors.Step doors, Stations.Step pools) {
            this.now = now;
            this.next = next;
            this.doors = doors;
            this.pools = pools;
        }

        @Override
        public void commit() {
            plan = next;
            install(pools, next, now.front());
            for (Listener listener : doors.commit()) {
                try {
                    listener.open();
                } catch (StartFailure lost) {
                    // Held since prepare; only somebody who binds the same port with SO_REUSEPORT can still take it.
                    log.error("{}: {}", lost.getMessage(), lost.cure());
                }
            }
        }

        @Override
        public void discard() {
            doors.discard();
            pools.discard();
        }
    }

    /** Its pools, for those who look at them and give orders. */
    public List<PoolStation> stations() {
        return stations.all();
    }

    private void read(String metric, Readings into) {
        Running now = running;
        if (now != null && metric.equals("connections")) {
            into.add(now.doors().connections(), name);
        } else if (now != null && metric.equals("log_lines_dropped_total")) {
            into.add((double) now.journal().dropped(), name);
        } else {
            stations.read(metric, into);
        }
    }

    @Override
    public void drain(Duration patience) {
        readiness = Readiness.no("draining");
        Running now = running;
        if (now == null) {
            return;
        }
        try {
            if (!now.doors().drain(patience)) {
                log.warn(
                        "{} connections did not end within {} s and are cut",
                        now.doors().connections(),
                        patience.toSeconds());
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Running now = running;
        running = null;
        if (now == null) {
            return;
        }
        readiness = Readiness.no("stopped");
        metrics.remove(board);
        now.doors().close();
        stations.close();
        metrics.forget(name, "", "");
        way.close();
        now.journal().close();
        now.worker().shutdownNow();
    }
}
