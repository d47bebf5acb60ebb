package com.foobar.appserver.container;

import com.foobar.appserver.War;
import com.foobar.http.forward.ForwardSettings;
import com.foobar.http.forward.Forwarder;
import com.foobar.http.forward.Refusals;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Trust;
import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Pool;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.Visit;
import com.foobar.http.transport.DirectRegistry;
import com.foobar.http.transport.Fabric;
import com.foobar.http.transport.Keeping;
import com.foobar.http.transport.Patience;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.log.FileLimits;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A container with a web tier before it that forwards everything, over one of the two transports. */
public final class Rig implements AutoCloseable {
    private static final Patience PATIENT =
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    public final Container container;
    public final Metrics metrics = Metrics.create();
    final BlockingQueue<com.foobar.http.forward.Journey> journeys = new LinkedBlockingQueue<>();
    private final SystemTime time = new SystemTime("rig");
    private final Journal<Access> journal;
    private final Fabric fabric;
    private final Undertow web;
    private final DirectRegistry.Door door;
    private final int port = FreePorts.one();
    private final Path folder;
    private final ForwardSettings forwarding;
    private final Forwarder forwarder;
    private volatile Trust trust = Trust.NOBODY;
    private int started;

    /** For how many requests at once there is room. */
    record Places(int threads, int queue, boolean virtualThreads) {}

    public Rig(Fabric.Kind kind, Path folder, Container.Hooks hooks, int threads) throws Exception {
        this(kind, folder, hooks, new Places(threads, 16, true));
    }

    Rig(Fabric.Kind kind, Path folder, Container.Hooks hooks, Places places) throws Exception {
        this.folder = folder;
        this.fabric = new Fabric(kind, time);
        this.journal = Journal.open(
                folder.resolve("logs"), "access-app1.jsonl", FileLimits.DEFAULT, time, s -> {}, Access::line);
        InetSocketAddress self = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Container.Settings settings = new Container.Settings(
                self,
                places.threads(),
                places.queue(),
                places.virtualThreads(),
                Duration.ofSeconds(30),
                200_000,
                100,
                16_384);
        this.container = new Container(
                "app1",
                settings,
                hooks,
                new Environments(War.environments()),
                new AppMetrics(metrics),
                journal,
                time,
                Readiness::yes);
        container.replace(peer -> peer.equals(InetAddress.getLoopbackAddress()), true);
        container.start();
        container.open();
        Address address = new Address("127.0.0.1", port);
        this.door = fabric.register(address, container.direct(new ErrorPages()));
        Pool pool = new Pool("app", 0);
        pool.replace(List.of(BackendSettings.of("app1", address)), Balance.of(Balance.Kind.ROUNDROBIN));
        pool.backends().forEach(one -> one.verdict(true, time.nanos()));
        this.forwarding =
                ForwardSettings.of(pool, fabric.way(Keeping.DEFAULT)).withPatience(PATIENT, Duration.ofSeconds(60));
        this.forwarder = new Forwarder(forwarding, time, Refusals.bare(), (exchange, journey) -> journeys.add(journey));
        this.web = web();
    }

    /** Whose word the web tier takes for what came before it; otherwise nobody's. */
    public void believes(Trust whom) {
        trust = whom;
    }

    /** The web tier waits no longer than this for a whole request. */
    void deadline(Duration most) {
        forwarder.replace(forwarding.withPatience(PATIENT, most));
    }

    private Undertow web() {
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 64L << 20)
                .setHandler(exchange -> {
                    Visit.of(exchange, trust, time.nanos()).introduce(exchange);
                    forwarder.handleRequest(exchange);
                })
                .build();
        undertow.start();
        return undertow;
    }

    /** Starts an application and puts it in its place; what was there before is returned. */
    public Application deploy(String name, Generation generation, Path root) throws Exception {
        return deploy(name, generation, root, 100);
    }

    public Application deploy(String name, Generation generation, Path root, int limit) throws Exception {
        Path work = folder.resolve("work-" + name + "-" + ++started);
        String path = name.equals("ROOT") ? "/" : "/" + name;
        Application application = container.begin(
                new Container.Start(name, path, generation, WarScan.read(root).webSocket(), root, work, limit));
        Application before = container.switchboard().put(application);
        if (before != null) {
            before.retire(Duration.ofSeconds(5));
        }
        return application;
    }

    public RawHttp client() {
        int listening = ((InetSocketAddress) web.getListenerInfo().get(0).getAddress()).getPort();
        return RawHttp.connect(listening).patience(Duration.ofSeconds(20));
    }

    /** Past the web tier. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        web.stop();
        door.close();
        for (Application one : container.switchboard().all()) {
            one.retire(Duration.ofSeconds(1));
        }
        container.close();
        journal.close();
        time.close();
    }
}
