package com.foobar.database.keeper;

import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.dialect.Row;
import com.foobar.database.dialect.Sql;
import com.foobar.database.keeper.LogAge.BinaryLog;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.node.Obeyed;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes binary logs that nobody needs, on a thread of its own: files take their time, and the orders of a failover must not wait for
 * them. The server itself refuses to delete what is just being fetched.
 */
final class LogPurge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogPurge.class);

    /** Looked into at a time: what is left is for the next time. */
    private static final int MOST = 32;

    /** A disk is short below the lesser of a tenth of it and this. */
    private static final long LEAST_ROOM = 2L << 30;

    private final KeeperPlan plan;
    private final HostPort at;
    private final Time time;
    private final Predicate<Path> isShort;
    private final ThreadPoolExecutor thread;

    /** When a log was first seen that is no longer written to: for files that cannot be looked at. The thread's alone. */
    private final Map<String, Instant> seen = new HashMap<>();

    LogPurge(KeeperPlan plan, HostPort at, Time time) {
        this(plan, at, time, LogPurge::isShort);
    }

    /** @param isShort whether the disk under that folder has little room left */
    LogPurge(KeeperPlan plan, HostPort at, Time time, Predicate<Path> isShort) {
        this.plan = plan;
        this.at = at;
        this.time = time;
        this.isShort = isShort;
        this.thread = new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(1),
                Threads.named(plan.name().text(), "purge"));
    }

    CompletableFuture<Obeyed> order(NodeOrder.Purge order) {
        try {
            return CompletableFuture.supplyAsync(() -> purge(order), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(new Obeyed(false, Obeyed.UNDER_WAY));
        }
    }

    private Obeyed purge(NodeOrder.Purge order) {
        try (NodeSession session = NodeSession.open(plan.target(at), plan.orderBounds())) {
            Path folder = folder(session);
            List<BinaryLog> logs = logs(session, folder);
            boolean room = !isShort.test(folder);
            Optional<String> stays = LogAge.firstToStay(
                    logs,
                    new LogAge.Surroundings(
                            order.applied(),
                            order.complete(),
                            !room,
                            time.instant(),
                            plan.limits().logs()));
            if (stays.isEmpty()) {
                return new Obeyed(true, "all binary logs stay");
            }
            List<Row> unused = session.ask(
                    Sql.of("PURGE BINARY LOGS TO '" + stays.get() + "'"),
                    plan.limits().answer());
            LOG.info(
                    "{} has deleted its binary logs before {}{}{}",
                    plan.name(),
                    stays.get(),
                    room ? "" : ": its disk has little room left",
                    order.complete() ? "" : ", and a node that is away may have to be provisioned anew");
            return new Obeyed(true, "has no binary logs before " + stays.get());
        } catch (NodeFailure e) {
            return new Obeyed(false, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Obeyed(false, "its binary logs cannot be understood: " + e.getMessage());
        }
    }

    private Path folder(NodeSession session) throws NodeFailure {
        return session
                .ask(Sql.of("SELECT @@log_bin_basename AS base"), plan.limits().answer())
                .stream()
                .flatMap(row -> row.get("base").stream())
                .map(base -> Path.of(base).resolveSibling(""))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it has none"));
    }

    private List<BinaryLog> logs(NodeSession session, Path folder) throws NodeFailure {
        List<String> names = session
                .ask(Sql.of("SHOW BINARY LOGS"), plan.limits().answer())
                .stream()
                .flatMap(row -> row.get("Log_name").stream())
                .filter(name -> name.matches("[A-Za-z0-9._-]+"))
                .limit(MOST)
                .toList();
        seen.keySet().retainAll(names);
        if (names.size() < 2) {
            return List.of(); // the one that is written to stays
        }
        List<BinaryLog> logs = new ArrayList<>();
        for (String name : names) {
            logs.add(new BinaryLog(name, before(session, name), ended(folder.resolve(name))));
        }
        return logs;
    }

    /** It is the second thing that is written into a log. */
    private GtidPosition before(NodeSession session, String name) throws NodeFailure {
        return session
                .ask(
                        Sql.of("SHOW BINLOG EVENTS IN '" + name + "' LIMIT 3"),
                        plan.limits().answer())
                .stream()
                .filter(row -> row.get("Event_type").filter("Gtid_list"::equals).isPresent())
                .map(row -> GtidPosition.parse(row.get("Info").orElse("[]").replaceAll("[\\[\\]\\s]", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " does not say what was logged before it"));
    }

    /** Of somebody else's server the files may be closed to us: then their age is counted from when they were first seen, and is too low. */
    private Instant ended(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return seen.computeIfAbsent(file.getFileName().toString(), first -> time.instant());
        }
    }

    private static boolean isShort(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getUsableSpace() < Math.min(disk.getTotalSpace() / 10, LEAST_ROOM);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
