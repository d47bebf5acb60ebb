package com.foobar.webserver;

import com.foobar.http.forward.Forwarder;
import com.foobar.http.listen.Binding;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Listeners;
import com.foobar.http.listen.Trust;
import com.foobar.http.pool.Address;
import com.foobar.http.pool.Pool;
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
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.webserver.files.FileCache;
import com.foobar.webserver.files.Sites;
import com.foobar.webserver.files.StaticFiles;
import com.foobar.webserver.upload.Stock;
import com.foobar.webserver.upload.UploadGate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioWorker;

/** The role {@code webserver}: a file if it exists, else the application tier. */
public final class WebServer implements Role<WebPlan> {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);
    private static final Duration ROOT_CHECK = Duration.ofSeconds(1);
    private static final String KEY = "webserver.port";

    private final String name;
    private final long fleetIndex;
    private final Path data;
    private final Time time;
    private final TierMetrics metrics;
    private final Fabric fabric;
    private final ErrorPages pages = new ErrorPages();
    private final Stock uploads = new Stock();
    private final OperatorState orders;
    private final BiConsumer<String, Readings> board = this::read;
    // Changed by the thread that starts, reloads and stops; read by others.
    private volatile WebPlan plan;
    private volatile Sites sites;
    private volatile @Nullable Running running;
    private volatile Readiness rootState = Readiness.no("not started");
    private volatile boolean draining;

    /** What exists between start and close, in the order of a request. */
    private record Running(
            XnioWorker worker,
            ExecutorService disk,
            Listeners listeners,
            Front front,
            StaticFiles files,
            FileCache cache,
            UploadGate gate,
            PoolStation application,
            Fabric.Way way,
            Journal<Access> journal,
            List<AutoCloseable> further) {}

    /**
     * Nothing is open yet.
     *
     * @param fleetIndex the place of this web server among those of the topology, counted from 0
     * @param data the directory for orders, the access log and large uploads
     * @param metrics of all web servers of the process, from {@link WebMetrics#of}
     */
    public WebServer(
            String name, long fleetIndex, WebPlan plan, Path data, Time time, TierMetrics metrics, Fabric fabric) {
        this.name = name;
        this.fleetIndex = fleetIndex;
        this.plan = plan;
        this.sites = Sites.of(plan.sites());
        this.data = data;
        this.time = time;
        this.metrics = metrics;
        this.fabric = fabric;
        this.orders = new OperatorState(data.resolve(name + "-orders.json"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Readiness readiness() {
        return draining ? Readiness.no("draining") : rootState;
    }

    @Override
    public void start() throws StartFailure {
        served(sites);
        orders.read();
        metrics.expect(name, "", "");
        Running now = put();
        running = now;
        Listener listener;
        try {
            listener = now.listeners.bind(
                    Binding.http(KEY, new InetSocketAddress(plan.address(), plan.port()))
                            .withBringers(now.front::believes),
                    now.front::fromNetwork);
            PoolStation.awaitFirstRound(name, now.application.start());
            listener.open();
        } catch (StartFailure failure) {
            close();
            throw failure;
        }
        now.further.add(fabric.register(
                new Address(plan.address(), plan.port()),
                now.front.fromBalancer(listener.address().getAddress())));
        now.further.add(time.every(ROOT_CHECK, this::look)::cancel);
        metrics.add(board);
        rootState = Readiness.yes();
        greet();
    }

    private void greet() throws StartFailure {
        try {
            Farewell.greet(name, plan.doors());
        } catch (InterruptedException stopped) {
            close();
            Thread.currentThread().interrupt();
            throw new StartFailure("stopped while it told the balancers that it is there", "start again", stopped);
        }
    }

    /** Puts the handlers behind each other; nothing of it is reachable yet. */
    private Running put() {
        WebserverSettings.Fixed fixed = plan.settings().fixed();
        int ioThreads = fixed.ioThreads() == 0 ? Runtime.getRuntime().availableProcessors() : fixed.ioThreads();
        Journal<Access> journal = Journal.open(
                data.resolve("logs"), "access-" + name + ".jsonl", FileLimits.DEFAULT, time, log::warn, Access::line);
        XnioWorker worker = Listeners.worker(name, ioThreads, 2);
        ExecutorService disk = Executors.newFixedThreadPool(fixed.diskThreads(), Threads.named(name, "disk"));
        Fabric.Way way = fabric.way(Keeping.DEFAULT);
        Front front = new Front(name, ways(plan), pages, metrics, journal, time, this::readiness);
        PoolStation application = application(front, way);
        UploadGate gate = new UploadGate(
                Front.leaving(application.forwarder()),
                plan.live().uploads(),
                data.resolve("uploads"),
                disk,
                uploads,
                front::refuseUpload);
        FileCache cache = new FileCache(plan.live().cache(), disk, time);
        StaticFiles files = new StaticFiles(sites, cache, front.introducing(gate), pages, time);
        front.serve(files);
        Listeners listeners = new Listeners(worker, time, plan.live().limits().listening(), pages);
        return new Running(
                worker, disk, listeners, front, files, cache, gate, application, way, journal, new ArrayList<>());
    }

    private PoolStation application(Front front, Fabric.Way way) {
        Pool pool = new Pool(WebPlan.APP, fleetIndex);
        Forwarder forwarder = new Forwarder(
                Applications.forwarding(plan, pool, way, front::edit), time, front::refuseForwarded, front::travelled);
        return new PoolStation(name, pool, Applications.blueprint(plan), forwarder, orders, metrics, time);
    }

    /** Whose word about clients is believed. A balancer whose name has no address now is believed after the next reload. */
    private static Front.Ways ways(WebPlan plan) {
        Set<InetAddress> balancers = new HashSet<>();
        for (String balancer : plan.balancers()) {
            try {
                balancers.addAll(List.of(InetAddress.getAllByName(balancer)));
            } catch (UnknownHostException unknown) {
                log.warn(
                        "{} has no address that can be found: what this balancer says about clients is not believed",
                        balancer);
            }
        }
        Trust named = Trust.in(plan.live().trusted());
        return new Front.Ways(peer -> balancers.contains(peer) || named.trusts(peer), plan.expose());
    }

    private static void served(Sites sites) throws StartFailure {
        List<String> problems = sites.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(
                    String.join("; ", problems),
                    "set webserver.root, or the root of the site, to a folder that can be read");
        }
    }

    /** Every second, because a readiness must answer at once and a disk may not. */
    private void look() {
        List<String> problems = sites.problems();
        rootState = problems.isEmpty() ? Readiness.yes() : Readiness.no(String.join("; ", problems));
    }

    @Override
    public Change prepare(WebPlan next) throws ChangeRefused {
        Running now = running;
        if (now == null) {
            throw new ChangeRefused("is not running");
        }
        if (!next.settings().fixed().equals(plan.settings().fixed())) {
            throw new ChangeRefused(
                    "webserver.port, webserver.io-threads and webserver.disk-threads change with a restart only");
        }
        Sites changed = sites.with(next.sites());
        Front.Ways ways = ways(next);
        PoolStation.Joining joining = now.application.prepare(Applications.blueprint(next));
        try {
            served(changed);
            PoolStation.awaitFirstRound(name, joining.checked());
        } catch (StartFailure failure) {
            joining.discard();
            throw new ChangeRefused(failure.getMessage() + "; " + failure.cure(), failure);
        }
        return new Change() {
            @Override
            public void commit() {
                plan = next;
                sites = changed;
                now.listeners.limits(next.live().limits().listening());
                now.front.replace(ways);
                now.cache.settings(next.live().cache());
                now.files.replace(changed);
                now.gate.replace(next.live().uploads());
                PoolStation application = now.application;
                application.replace(
                        joining, Applications.forwarding(next, application.pool(), now.way, now.front::edit));
            }

            @Override
            public void discard() {
                joining.discard();
            }
        };
    }

    /** The pool of application servers, for those who give orders. */
    public List<PoolStation> stations() {
        Running now = running;
        return now == null ? List.of() : List.of(now.application);
    }

    private void read(String metric, Readings into) {
        Running now = running;
        if (now == null) {
            return;
        }
        switch (metric) {
            case "connections" -> into.add(now.listeners.openConnections(), name);
            case "log_lines_dropped_total" -> into.add((double) now.journal.dropped(), name);
            default -> {
                if (!WebMetrics.read(metric, name, now.cache.counts(), uploads, into)) {
                    now.application.read(metric, into);
                }
            }
        }
    }

    @Override
    public void drain(Duration patience) {
        draining = true;
        Running now = running;
        if (now == null) {
            return;
        }
        try {
            long begun = time.nanos();
            Farewell.say(name, plan.doors(), plan.notice(), patience.dividedBy(2));
            if (!now.listeners.drain(patience.minusNanos(time.nanos() - begun))) {
                log.warn(
                        "{} connections did not end within {} s and are cut",
                        now.listeners.openConnections(),
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
        rootState = Readiness.no("stopped");
        metrics.remove(board);
        now.further.forEach(WebServer::closeQuietly);
        now.listeners.close();
        now.application.close();
        metrics.forget(name, "", "");
        now.way.close();
        now.cache.close();
        now.journal.close();
        now.disk.shutdownNow();
        now.worker.shutdownNow();
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception failed) {
            log.warn("while closing: {}", failed.toString());
        }
    }
}
