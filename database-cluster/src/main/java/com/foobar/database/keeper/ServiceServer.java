package com.foobar.database.keeper;

import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.BoundedRun;
import com.foobar.database.embedded.DumpSource;
import com.foobar.database.embedded.Greeting;
import com.foobar.database.embedded.StorageFailure;
import com.foobar.database.model.Boot;
import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A server that the operator's service manager runs. */
public final class ServiceServer implements Server {

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Service service;
    private final KeeperPlan plan;
    private final HostPort at;
    private final Time time;

    public ServiceServer(Service service, KeeperPlan plan, Time time) {
        this.service = service;
        this.plan = plan;
        this.at = plan.address(plan.name());
        this.time = time;
    }

    /** For its administrator, who alone can make them there; hashes are in it, so that it is its owner's to read. */
    public void offerAccounts(List<Sql> statements) throws StartFailure {
        StringBuilder text = new StringBuilder("-- Load this once as the administrator of the server.\n");
        statements.forEach(one -> text.append(one.text()).append(";\n"));
        try {
            Path unused = DurableFile.secretFolder(accounts().resolveSibling(""));
            DurableFile.write(accounts(), text.toString());
        } catch (IOException e) {
            throw StorageFailure.of("the accounts of " + plan.name() + " cannot be written to " + accounts(), e);
        }
    }

    private Path accounts() {
        return plan.notes().toAbsolutePath().resolveSibling("accounts.sql");
    }

    /** Before anything is asked of it: positions of MySQL cannot be compared by the decisions yet. */
    public void refuseForeign() throws StartFailure {
        Optional<Greeting> greeting = Greeting.from(
                new InetSocketAddress(at.host(), at.port()), plan.limits().look());
        if (greeting.isPresent() && !greeting.get().isMariaDb()) {
            throw new StartFailure(
                    "the database server " + at + " is no MariaDB but says it is "
                            + greeting.get().version()
                            + ": engine external takes MariaDB from 10.6 on, as the positions of MySQL cannot be compared yet",
                    "run MariaDB there, or set database-cluster.engine to embedded");
        }
    }

    @Override
    public HostPort at() {
        return at;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public Optional<Life> found() throws StartFailure {
        Optional<Life> life = ServiceLife.of(service, at, time);
        // Never ours before: it is no deposed primary, and need not be killed for being closed to us.
        if (life.isPresent() && !Files.exists(plan.notes())) {
            requireAccounts();
        }
        return life;
    }

    private void requireAccounts() throws StartFailure {
        try (NodeSession session = NodeSession.open(plan.target(at), plan.lookBounds())) {
            session.probe();
        } catch (NodeFailure e) {
            if (e.kind() == NodeFailure.Kind.DENIED) {
                throw denied(e);
            }
        }
    }

    private StartFailure denied(NodeFailure e) {
        return new StartFailure(
                String.valueOf(e.getMessage()),
                "make this cluster's accounts there: as its administrator load " + accounts(),
                e);
    }

    @Override
    public Life start(Boot.Tail tail) throws StartFailure, InterruptedException {
        if (service.start().isEmpty()) {
            throw new StartFailure(
                    "the database server " + at + " does not run, and there is no command to start it",
                    "start it, or name the command");
        }
        writeTail(tail);
        run(service.start(), service.patience());
        long began = time.nanos();
        while (true) {
            Optional<Life> life = ServiceLife.of(service, at, time);
            if (life.isPresent()) {
                endForeign(life.get());
            }
            if (life.isPresent() && answersReadOnly(life.get())) {
                return life.get();
            }
            if (time.nanos() - began > service.patience().toNanos()) {
                life.ifPresent(Life::kill);
                throw new StartFailure(
                        "the database server " + at + " did not answer within " + service.patience() + " of "
                                + service.start(),
                        "see its own log; the process number is expected in " + service.pid());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a database server was starting");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void endForeign(Life life) throws StartFailure {
        try {
            refuseForeign();
        } catch (StartFailure e) {
            life.kill();
            throw e;
        }
    }

    private boolean answersReadOnly(Life life) throws StartFailure {
        try (NodeSession session = NodeSession.open(plan.target(at), plan.lookBounds())) {
            if (session.status().readOnly()) {
                return true;
            }
        } catch (NodeFailure e) {
            if (e.kind() == NodeFailure.Kind.DENIED) {
                life.kill();
                throw denied(e);
            }
            return false;
        }
        // Somebody may write already, and nobody else would know of it.
        life.kill();
        throw new StartFailure(
                "the database server " + at + " takes writes as soon as it is started; it was killed",
                "set read_only=1, and for MySQL super_read_only=1, in its option file");
    }

    /** Readable by all: the server runs as a user of its own. */
    private void writeTail(Boot.Tail tail) throws StartFailure {
        if (service.tail().isEmpty()) {
            if (tail == Boot.Tail.TRUNCATED) {
                throw new StartFailure(
                        "the tail of " + plan.name()
                                + " cannot be cut off: no file is named that its option file includes",
                        "name one, or provision the node anew by hand");
            }
            return;
        }
        Path file = service.tail().get();
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.writeString(
                    temporary,
                    "# Written before every start by the keeper of this node.\n[mariadbd]\ninit-rpl-role="
                            + (tail == Boot.Tail.TRUNCATED ? "SLAVE" : "MASTER") + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartFailure(
                    "the file " + file + " cannot be written: " + e, "make it writable for the user that runs this", e);
        }
    }

    private static void run(List<String> command, Duration limit) throws StartFailure, InterruptedException {
        try {
            Path output = Files.createTempFile("foobar-service", ".txt");
            try {
                BoundedRun.Result result = BoundedRun.run(
                        command,
                        ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()),
                        output,
                        limit);
                if (result.exit() != 0) {
                    throw new StartFailure(
                            command + " failed (exit " + result.exit() + "): " + result.output(),
                            "run it by hand to see why");
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new StartFailure(command + " could not be run: " + e.getMessage(), "name a command that is there", e);
        }
    }

    @Override
    public String provisionAnew(DumpSource source, String held) throws StartFailure {
        throw new StartFailure(
                plan.name() + " has diverged and its data is its operator's",
                "keep its data aside and load a dump or backup of " + source.at() + ", with its position");
    }
}
