package com.foobar.launcher;

import com.foobar.database.Cluster;
import com.foobar.database.coordinator.Coordinator;
import com.foobar.database.model.NodeName;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.launcher.admin.DatabaseDesk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** The database cluster as the admin port asks it. */
record ClusterDoor(Cluster cluster, Path backups) implements DatabaseDesk.Cluster {

    @Override
    public CompletableFuture<String> newerThan(long epoch, long version, Duration wait) {
        return cluster.topologyNewerThan(epoch, version, wait);
    }

    @Override
    public CompletableFuture<DatabaseDesk.Reply> order(DatabaseDesk.Order order) {
        if (order.change() == DatabaseDesk.Change.DRAIN || order.change() == DatabaseDesk.Change.READY) {
            return drain(new NodeName(order.node().orElseThrow()), order.change() == DatabaseDesk.Change.DRAIN);
        }
        return cluster.spokesman()
                .map(coordinator -> order(coordinator, order))
                .orElseGet(() -> CompletableFuture.completedFuture(new com.foobar.database.coordinator.Reply(
                        false,
                        "no coordinator runs in this process: ask a server with a voter",
                        java.util.Optional.empty())))
                .thenApply(reply -> new DatabaseDesk.Reply(reply.done(), reply.sentence()));
    }

    /** On a thread of its own: it waits for whoever takes over. */
    private CompletableFuture<DatabaseDesk.Reply> drain(NodeName node, boolean out) {
        return CompletableFuture.supplyAsync(
                        () -> cluster.drain(node, out),
                        task -> Threads.one(cluster.name(), "drain", task).start())
                .thenApply(reply -> new DatabaseDesk.Reply(reply.done(), reply.sentence()));
    }

    /** On a thread of its own: it takes as long as the data is large. */
    @Override
    public CompletableFuture<DatabaseDesk.Reply> backup(DatabaseDesk.BackupWish wish) {
        CompletableFuture<DatabaseDesk.Reply> outcome = new CompletableFuture<>();
        Thread thread = Threads.one(cluster.name(), "backup", () -> {
            try {
                Path to = wish.to().map(Path::of).orElse(backups);
                outcome.complete(new DatabaseDesk.Reply(true, cluster.backup(to, wish.keep(), wish.verify())));
            } catch (StartFailure e) {
                outcome.complete(new DatabaseDesk.Reply(false, e.getMessage() + ". To do: " + e.cure()));
            } catch (InterruptedException | RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        thread.start();
        return outcome;
    }

    private static CompletableFuture<com.foobar.database.coordinator.Reply> order(
            Coordinator coordinator, DatabaseDesk.Order order) {
        boolean dry = order.dryRun();
        NodeName node = order.node().map(NodeName::new).orElse(null);
        return switch (order.change()) {
            case SWITCHOVER -> coordinator.switchover(node, dry);
            case FAILOVER -> coordinator.failover(order.typed().orElse(""), dry);
            case REJOIN ->
                order.typed().isPresent()
                        ? coordinator.anew(new NodeName(order.node().orElseThrow()), dry)
                        : coordinator.rejoin(new NodeName(order.node().orElseThrow()), dry);
            case JOIN -> coordinator.join(new NodeName(order.node().orElseThrow()), dry);
            case DRAIN, READY -> throw new IllegalStateException("no coordinator drains");
            case MAINTENANCE -> coordinator.maintenance(order.typed().orElse("").equals("on"), dry);
        };
    }

    @Override
    public SortedSet<String> nodes() {
        return cluster.nodes();
    }

    @Override
    public Map<String, ?> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        try {
            if (Json.parse(cluster.statusJson().orElse("{}")) instanceof Map<?, ?> known) {
                known.forEach((key, value) -> facts.put(String.valueOf(key), value));
            }
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("the coordinator's own words are no JSON", e);
        }
        return facts;
    }
}
