package com.foobar.appserver.deploy;

import com.foobar.appserver.container.AppMetrics;
import com.foobar.appserver.container.Application;
import com.foobar.appserver.container.Container;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what runs as the folder says. Looks on a thread of its own; starts and ends of applications have theirs. */
public final class Deployer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deployer.class);
    /** Less than the whole server has: an application that does not end must not take the rest of the closing with it. */
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final String server;
    private final AppFolder folder;
    private final Path unpacked;
    private final Container container;
    private final AppMetrics metrics;
    private final Time time;
    private final ExecutorService looking;
    private final ExecutorService retiring;
    private final Map<String, Deployment> deployments = new ConcurrentSkipListMap<>();
    /** Folders of what runs, by application; guarded by itself. */
    private final Map<Application, Path> places = new HashMap<>();
    // These three belong to the thread that looks.
    private final Map<String, Plan.Stamp> tried = new HashMap<>();
    private Map<String, Plan.Seen> before = Map.of();
    private String complaint = "";

    private volatile Live live;
    private Time.@Nullable Timeout next;
    private volatile boolean closed;

    /** What a reload may change. */
    public record Live(DeploySettings limits, Map<String, ApplicationSettings> applications) {
        ApplicationSettings of(String name) {
            return applications.getOrDefault(name, ApplicationSettings.USUAL);
        }
    }

    /**
     * Nothing is looked at yet.
     *
     * @param apps the folder of the user
     * @param unpacked a folder that is ours alone; what an earlier life left there is removed
     */
    public Deployer(
            String server, Path apps, Path unpacked, Live live, Container container, AppMetrics metrics, Time time) {
        this.server = server;
        this.folder = new AppFolder(apps);
        this.unpacked = unpacked;
        this.live = live;
        this.container = container;
        this.metrics = metrics;
        this.time = time;
        this.looking = Executors.newSingleThreadExecutor(Threads.named(server, "deploy"));
        this.retiring = Executors.newCachedThreadPool(Threads.named(server, "retire"));
    }

    /** Starts what is there, and returns when all of it has started or failed, or the time for a start is over. */
    public void start() throws IOException, InterruptedException {
        Unpacking.remove(unpacked);
        Files.createDirectories(unpacked);
        Map<String, Plan.Seen> there = folder.look();
        // At the start nobody is waited for who may still be copying: a WAR that is not whole says so, and is tried
        // again.
        before = there;
        List<Attempt> begun = carryOut(Plan.steps(there, there, tried));
        await(begun, time.nanos() + live.limits().start().toNanos());
        synchronized (this) {
            scheduleLook();
        }
    }

    public void replace(Live changed) {
        live = changed;
        for (Application one : container.switchboard().all()) {
            one.limit(changed.of(one.name()).requests().orElse(changed.limits().requests()));
        }
    }

    public List<ApplicationState> states() {
        return deployments.values().stream().map(Deployment::state).toList();
    }

    private void scheduleLook() {
        if (!closed) {
            next = time.after(live.limits().look(), this::lookSoon);
        }
    }

    private void lookSoon() {
        try {
            looking.execute(this::look);
        } catch (RejectedExecutionException closing) {
            log.debug("{} looks no more", server);
        }
    }

    private void look() {
        try {
            Map<String, Plan.Seen> now = folder.look();
            List<Attempt> unused = carryOut(Plan.steps(now, before, tried));
            before = now;
            complaint = "";
        } catch (IOException | RuntimeException failed) {
            if (!complaint.equals(failed.toString())) {
                complaint = failed.toString();
                log.warn("{}: the folder of the applications cannot be read: {}", server, complaint);
            }
        } finally {
            synchronized (this) {
                scheduleLook();
            }
        }
    }

    private List<Attempt> carryOut(List<Plan.Step> steps) {
        List<Attempt> begun = new ArrayList<>();
        for (Plan.Step step : steps) {
            if (step instanceof Plan.Deploy deploy) {
                Attempt attempt = begin(deploy);
                if (attempt != null) {
                    begun.add(attempt);
                }
            } else {
                remove(step.name());
            }
        }
        return begun;
    }

    /** Null while an earlier attempt is under way: then this one comes at a later look. */
    private @Nullable Attempt begin(Plan.Deploy deploy) {
        String name = deploy.name();
        Deployment deployment = deployments.computeIfAbsent(name, missing -> new Deployment(name, time.instant()));
        Path place = unpacked.resolve(name + "-" + Long.toString(time.nanos(), Character.MAX_RADIX));
        Attempt attempt = new Attempt(
                name, deploy.seen(), place, container, live.of(name), live.limits(), new Outcome(name, deployment));
        Integer version = deployment.begin(attempt, time.instant());
        if (version == null) {
            return null;
        }
        tried.put(name, deploy.seen().stamp());
        log.info("{} starts {} (version {}) at {}", server, name, version, deployment.contextPath());
        Threads.one(server, "start-" + name, attempt).start();
        Time.Timeout unused = time.after(live.limits().start(), attempt::giveUp);
        return attempt;
    }

    private void remove(String name) {
        Deployment deployment = deployments.get(name);
        if (deployment == null || deployment.attempt() != null) {
            return;
        }
        tried.remove(name);
        deployments.remove(name);
        Application gone = container.switchboard().remove(deployment.contextPath());
        log.info("{}: {} is gone from the folder and is stopped", server, name);
        if (gone != null) {
            retire(gone);
        }
    }

    private void retire(Application old) {
        Path place;
        synchronized (places) {
            place = places.remove(old);
        }
        Runnable ending = () -> {
            old.retire(live.limits().drain());
            if (place != null) {
                Unpacking.remove(place);
            }
        };
        try {
            retiring.execute(ending);
        } catch (RejectedExecutionException closing) {
            ending.run();
        }
    }

    /** What follows from an attempt. */
    private final class Outcome implements Attempt.Ending {
        private final String name;
        private final Deployment deployment;

        Outcome(String name, Deployment deployment) {
            this.name = name;
            this.deployment = deployment;
        }

        @Override
        public void started(Application application, Path place, String because) {
            synchronized (places) {
                places.put(application, place);
            }
            Application old = container.switchboard().put(application);
            deployment.succeeded(application, time.instant());
            metrics.deployed(server, name, "started");
            log.info(
                    "{}: {} runs on {}, because {}",
                    server,
                    name,
                    application.generation().word(),
                    because);
            if (old != null) {
                retire(old);
            }
        }

        @Override
        public void failed(String why, @Nullable Throwable cause) {
            deployment.failed(why, time.instant());
            metrics.deployed(server, name, "failed");
            String rest = deployment.running() == null ? "" : "; the version before goes on";
            log.error("{}: {} is not started: {}{}", server, name, why, rest, cause);
        }
    }

    /** Looks no more; what runs goes on until it is stopped by {@link #close}. */
    public void rest() {
        synchronized (this) {
            closed = true;
            Time.Timeout waiting = next;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }

    @Override
    public void close() {
        rest();
        looking.shutdownNow();
        List<Attempt> underWay = underWay();
        underWay.forEach(Attempt::cancel);
        for (Application one : container.switchboard().all()) {
            Application unused = container.switchboard().remove(one.contextPath());
            one.retire(Duration.ZERO);
        }
        retiring.shutdown();
        long deadline = time.nanos() + CLOSING.toNanos();
        try {
            boolean unused = retiring.awaitTermination(CLOSING.toNanos(), TimeUnit.NANOSECONDS);
            // Each removes what it has unpacked: both at once would meet files that are gone already.
            await(underWay, deadline);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        Unpacking.remove(unpacked);
    }

    private List<Attempt> underWay() {
        List<Attempt> all = new ArrayList<>();
        for (Deployment one : deployments.values()) {
            Attempt attempt = one.attempt();
            if (attempt != null) {
                all.add(attempt);
            }
        }
        return all;
    }

    private void await(List<Attempt> begun, long deadline) throws InterruptedException {
        for (Attempt one : begun) {
            boolean unused = one.over().await(Math.max(0, deadline - time.nanos()), TimeUnit.NANOSECONDS);
        }
    }
}
