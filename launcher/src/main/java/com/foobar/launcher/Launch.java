package com.foobar.launcher;

import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.log.Logs;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.launcher.admin.AdminDesk;
import com.foobar.launcher.admin.AdminPort;
import com.foobar.launcher.admin.DatabaseDesk;
import com.foobar.launcher.admin.PoolDesk;
import com.foobar.launcher.admin.Token;
import com.foobar.launcher.admin.TopologyReport;
import com.foobar.launcher.supervise.DataDirectory;
import com.foobar.launcher.supervise.Orders;
import com.foobar.launcher.supervise.Reloads;
import com.foobar.launcher.supervise.Signals;
import com.foobar.launcher.supervise.Supervisor;
import com.foobar.launcher.topology.AdminSettings;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** One run of the process, from a good configuration to its exit status. */
public final class Launch {
    private static final int FORCED = 130;

    private final TopologySource source;
    private final Reading<Topology> reading;
    private final Selection selection;
    private final Path data;
    private final Map<String, String> environment;
    private final Terminal terminal;
    private final IntConsumer halt;
    private final SystemTime time = new SystemTime("process");

    /**
     * Nothing has begun yet.
     *
     * @param halt ends the JVM at once: the second Ctrl-C
     */
    public Launch(
            TopologySource source,
            Reading<Topology> reading,
            Selection selection,
            Path data,
            Map<String, String> environment,
            Terminal terminal,
            IntConsumer halt) {
        this.source = source;
        this.reading = reading;
        this.selection = selection;
        this.data = data;
        this.environment = environment;
        this.terminal = terminal;
        this.halt = halt;
    }

    /** Runs until told to stop. */
    public int run() {
        Banner banner = new Banner(terminal, time);
        banner.begin(selection, data);
        reading.warnings().stream().map(Problem::line).forEach(banner::warn);
        Map<String, String> failures;
        try (DataDirectory held = DataDirectory.hold(data, holder());
                Logs logs = Logs.start(Logs.Options.of(held.path().resolve("logs"), terminal.console(), time)
                        .withColours(terminal.colours()))) {
            failures = supervised(held.path(), logs, banner);
        } catch (StartFailure failure) {
            banner.failed(String.valueOf(failure.getMessage()), failure.cure());
            return Exit.COULD_NOT_START;
        } finally {
            time.close();
        }
        // Only now: who waits for this word may start the next process in the same place.
        banner.stopped(failures);
        return failures.isEmpty() ? Exit.GOOD : Exit.INTERNAL;
    }

    /** Returns what went wrong at the stop, by role. */
    private Map<String, String> supervised(Path held, Logs logs, Banner banner) throws StartFailure {
        Orders orders = new Orders(Thread.currentThread());
        Metrics metrics = Metrics.create();
        Places places = Places.of(held, environment);
        try (Crew crew = new Crew(reading.value().orElseThrow(), selection, places, time, metrics)) {
            return supervised(crew, metrics, orders, held, logs, banner);
        }
    }

    private Map<String, String> supervised(
            Crew crew, Metrics metrics, Orders orders, Path held, Logs logs, Banner banner) throws StartFailure {
        Supervisor supervisor = new Supervisor(crew.seats(), time, Supervisor.Patience.DEFAULT, banner);
        Reloads reloads = new Reloads(source, reading, selection, supervisor, metrics);
        ProcessFacts.register(metrics, supervisor, logs);
        PoolDesk pools = new PoolDesk(crew::stations);
        DatabaseDesk database = new DatabaseDesk(crew.database());
        AdminDesk desk = new AdminDesk(
                token(held),
                metrics,
                () -> orders.isStopping() ? Readiness.no("stopping") : supervisor.readiness(),
                new TopologyReport(reloads::topology, selection, supervisor, pools, database, crew::applications, time)
                        ::facts,
                pools,
                database,
                orders::reload);
        AdminSettings admin = reloads.topology().admin();
        try (AdminPort port = AdminPort.open(new InetSocketAddress(admin.address(), admin.port()), desk)) {
            Signals.on("INT", () -> stop(orders, banner, "Ctrl-C"));
            Signals.on("TERM", () -> stop(orders, banner, "SIGTERM"));
            Signals.on("HUP", () -> {
                // Nobody waits for the answer of a signal; the log has it.
                Future<?> unused = orders.reload();
            });
            return started(supervisor, orders, reloads, banner, port);
        }
    }

    private Map<String, String> started(
            Supervisor supervisor, Orders orders, Reloads reloads, Banner banner, AdminPort port) throws StartFailure {
        try {
            supervisor.start();
        } catch (StartFailure failure) {
            banner.leftBehind(supervisor.undone());
            throw failure;
        } catch (InterruptedException stopped) {
            return supervisor.undone();
        }
        banner.ready(reloads.topology(), port.address(), data);
        orders.follow(reloads);
        return supervisor.stop();
    }

    private void stop(Orders orders, Banner banner, String why) {
        if (orders.stop()) {
            banner.stopping(why);
        } else {
            banner.forced(why);
            halt.accept(FORCED);
        }
    }

    private Token token(Path held) throws StartFailure {
        AdminSettings admin = reading.value().orElseThrow().admin();
        return admin.token().isPresent() ? Token.of(admin.token().get().reveal()) : Token.kept(held);
    }

    private String holder() {
        String names = selection.instances().stream().map(Instance::name).collect(Collectors.joining(", "));
        return "process " + ProcessHandle.current().pid() + " (server " + selection.server() + ": " + names
                + "), since " + time.instant();
    }
}
