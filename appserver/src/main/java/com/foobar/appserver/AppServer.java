package com.foobar.appserver;

import com.foobar.appserver.container.AppMetrics;
import com.foobar.appserver.container.Application;
import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Environments;
import com.foobar.appserver.deploy.ApplicationState;
import com.foobar.appserver.deploy.Deployer;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Trust;
import com.foobar.http.pool.Address;
import com.foobar.http.tier.Access;
import com.foobar.http.transport.DirectRegistry;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.log.FileLimits;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application server: its container, and the applications of its folder. */
public final class AppServer implements Role<AppPlan> {
    private static final Logger log = LoggerFactory.getLogger(AppServer.class);
    private static final Duration GLANCE = Duration.ofMillis(10);

    private final String name;
    private final Path data;
    private final Environments environments;
    private final Container.Hooks hooks;
    private final Time time;
    private final AppMetrics metrics;
    private final Fabric fabric;
    private final BiConsumer<String, Readings> board = this::read;
    private volatile AppPlan plan;
    private volatile @Nullable Running running;
    private volatile boolean started;
    private volatile boolean draining;

    private record Running(Container container, Deployer deployer, Journal<Access> journal, DirectRegistry.Door door) {}

    /**
     * Nothing is open yet.
     *
     * @param data the directory for unpacked applications and the access log
     * @param lib the folder that has the libraries of each generation of applications in {@code ee8}, {@code ee10}, {@code ee11}
     * @param hooks sessions, JNDI and what accompanies requests
     * @param metrics of all application servers of the process
     */
    public AppServer(
            String name,
            AppPlan plan,
            Path data,
            Path lib,
            Container.Hooks hooks,
            Time time,
            AppMetrics metrics,
            Fabric fabric) {
        this.name = name;
        this.plan = plan;
        this.data = data;
        this.environments = new Environments(lib);
        this.hooks = hooks;
        this.time = time;
        this.metrics = metrics;
        this.fabric = fabric;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Readiness readiness() {
        if (draining) {
            return Readiness.no("draining");
        }
        Running now = running;
        if (now == null || !started) {
            return Readiness.no("not started");
        }
        if (!now.container.switchboard().all().isEmpty()) {
            return Readiness.yes();
        }
        List<ApplicationState> states = now.deployer.states();
        return Readiness.no(
                states.isEmpty()
                        ? "no application in " + plan.settings().fixed().apps()
                        : states.get(0).name() + " is not started: "
                                + states.get(0).problem());
    }

    @Override
    public void start() throws StartFailure {
        AppserverSettings.Fixed fixed = plan.settings().fixed();
        InetSocketAddress self = new InetSocketAddress(plan.address(), plan.port());
        Journal<Access> journal = Journal.open(
                data.resolve("logs"), "access-" + name + ".jsonl", FileLimits.DEFAULT, time, log::warn, Access::line);
        Container container = new Container(
                name, settings(fixed, self), hooks, environments, metrics, journal, time, this::readiness);
        container.replace(trust(plan), plan.expose());
        Deployer deployer = new Deployer(
                name, fixed.apps(), data.resolve("apps").resolve(name), deploying(plan), container, metrics, time);
        try {
            container.start();
            deployer.start();
            container.open();
        } catch (StartFailure failure) {
            undo(deployer, container, journal);
            throw failure;
        } catch (IOException failed) {
            undo(deployer, container, journal);
            throw new StartFailure(
                    name + " cannot read its applications: " + failed.getMessage(),
                    "make appserver.apps (" + fixed.apps() + ") readable and " + data + " writable",
                    failed);
        } catch (InterruptedException stopped) {
            undo(deployer, container, journal);
            Thread.currentThread().interrupt();
            throw new StartFailure("stopped while its applications started", "start again", stopped);
        }
        DirectRegistry.Door door =
                fabric.register(new Address(plan.address(), plan.port()), container.direct(new ErrorPages()));
        running = new Running(container, deployer, journal, door);
        metrics.add(board);
        started = true;
        greet();
    }

    private static void undo(Deployer deployer, Container container, Journal<Access> journal) {
        deployer.close();
        container.close();
        journal.close();
    }

    private void greet() throws StartFailure {
        try {
            Farewell.greet(name, plan.doors());
        } catch (InterruptedException stopped) {
            close();
            Thread.currentThread().interrupt();
            throw new StartFailure("stopped while it told the web servers that it is there", "start again", stopped);
        }
    }

    private static Container.Settings settings(AppserverSettings.Fixed fixed, InetSocketAddress self) {
        return new Container.Settings(
                self,
                fixed.threads(),
                fixed.queue(),
                fixed.virtualThreads(),
                fixed.idle(),
                fixed.form().bytes(),
                fixed.formFields(),
                (int) fixed.head().bytes());
    }

    private static Deployer.Live deploying(AppPlan plan) {
        return new Deployer.Live(plan.live().deploying(), plan.live().applications());
    }

    /** A web server whose name has no address now is believed after the next reload. */
    private static Trust trust(AppPlan plan) {
        Set<InetAddress> known = new HashSet<>();
        for (String server : plan.webServers()) {
            try {
                known.addAll(List.of(InetAddress.getAllByName(server)));
            } catch (UnknownHostException unknown) {
                log.warn("{} has no address that can be found: what this web server says is not believed", server);
            }
        }
        Trust named = Trust.in(plan.live().trusted());
        return peer -> known.contains(peer) || named.trusts(peer);
    }

    @Override
    public Change prepare(AppPlan next) throws ChangeRefused {
        Running now = running;
        if (now == null) {
            throw new ChangeRefused("is not running");
        }
        if (!next.settings().restartingParts().equals(plan.settings().restartingParts())) {
            throw new ChangeRefused(
                    "of the section appserver, port, apps, threads, queue, virtual-threads, idle, head,"
                            + " form, form-fields, sessions, session-idle, session-size, data and database change with a restart only");
        }
        Trust trust = trust(next);
        return new Change() {
            @Override
            public void commit() {
                plan = next;
                now.container.replace(trust, next.expose());
                now.deployer.replace(deploying(next));
            }

            @Override
            public void discard() {}
        };
    }

    /** The applications, for the topology. */
    public List<ApplicationState> applications() {
        Running now = running;
        return now == null ? List.of() : now.deployer.states();
    }

    private void read(String metric, Readings into) {
        Running now = running;
        if (now == null) {
            return;
        }
        List<ApplicationState> states = now.deployer.states();
        switch (metric) {
            case "in_flight" -> states.forEach(one -> into.add(one.inFlight(), name, one.name()));
            case "application_up" ->
                states.forEach(one -> into.add(one.generation().isEmpty() ? 0 : 1, name, one.name()));
            case "applications" -> {
                for (ApplicationState.Status status : ApplicationState.Status.values()) {
                    long count = states.stream()
                            .filter(one -> one.status() == status)
                            .count();
                    into.add((double) count, name, status.name().toLowerCase(Locale.ROOT));
                }
            }
            case "threads" -> {
                into.add(now.container.busyThreads(), name, "busy");
                into.add(now.container.idleThreads(), name, "idle");
            }
            case "queue_length" -> into.add(now.container.waiting(), name);
            default -> {
                return;
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
            now.deployer.rest();
            now.door.close();
            now.container.refuseNew();
            finish(now, patience.minusNanos(time.nanos() - begun));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(Running now, Duration patience) throws InterruptedException {
        long begun = time.nanos();
        while (inFlight(now) > 0) {
            if (time.nanos() - begun >= patience.toNanos()) {
                log.warn("{} requests did not end within {} s and are cut", inFlight(now), patience.toSeconds());
                return;
            }
            // Nobody tells of the last one: a wait that nothing ends is the cheapest clock.
            boolean unused = new CountDownLatch(1).await(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static int inFlight(Running now) {
        return now.container.switchboard().all().stream()
                .mapToInt(Application::inFlight)
                .sum();
    }

    @Override
    public void close() {
        Running now = running;
        running = null;
        if (now == null) {
            return;
        }
        metrics.remove(board);
        now.door.close();
        now.deployer.close();
        now.container.close();
        now.journal.close();
    }
}
