package com.foobar.launcher.admin;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database cluster at the admin port: its published document for application servers, who wait here for a newer one, and orders that
 * change its topology.
 */
public final class DatabaseDesk {
    static final String DOCUMENT = "/database";
    static final String PREFIX = "/database/";

    private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(s|ms)");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_WAITING = 256;
    private static final Set<Change> NAMED = EnumSet.of(Change.REJOIN, Change.JOIN, Change.DRAIN, Change.READY);

    private final Optional<Cluster> cluster;
    private final BackupJob backups = new BackupJob();
    private final AtomicInteger waiting = new AtomicInteger();

    /** What is asked of the coordinator of this process. */
    public interface Cluster {
        /** The published document as soon as it is newer than that, or what there is when the wait is over. */
        CompletableFuture<String> newerThan(long epoch, long version, Duration wait);

        CompletableFuture<Reply> order(Order order);

        /** Done when it is whole or has failed, which may take hours. */
        default CompletableFuture<Reply> backup(BackupWish wish) {
            return CompletableFuture.completedFuture(new Reply(false, "no backups are taken here"));
        }

        /** All that are configured, wherever they run. */
        SortedSet<String> nodes();

        /** For {@code /topology}, in the shape of JSON. */
        Map<String, ?> facts();
    }

    /** A change of the topology. */
    public enum Change {
        SWITCHOVER,
        FAILOVER,
        REJOIN,
        JOIN,
        /** Of a node of this process: it is handed over, and not promoted until it is ready again. */
        DRAIN,
        READY,
        MAINTENANCE
    }

    /**
     * What is ordered.
     *
     * @param node the node it is about; absent where the coordinator may choose
     * @param dryRun only say what would be done
     * @param typed the sentence that accepts a loss, {@code on} and {@code off} for maintenance, {@code anew} for a rejoin with new data
     */
    public record Order(Change change, Optional<String> node, boolean dryRun, Optional<String> typed) {}

    /**
     * A backup.
     *
     * @param to the folder it goes into; by default one in the data directory
     * @param keep how many stay there; zero keeps all
     */
    public record BackupWish(Optional<String> to, int keep, boolean verify) {}

    /**
     * What came of an order.
     *
     * @param done false when it was refused; then nothing was touched
     */
    public record Reply(boolean done, String text) {}

    public DatabaseDesk(Optional<Cluster> cluster) {
        this.cluster = cluster;
    }

    /** Nothing where no database node and no witness runs. */
    Optional<Map<String, ?>> facts() {
        return cluster.map(Cluster::facts);
    }

    CompletableFuture<Answer> document(Map<String, String> query) {
        if (cluster.isEmpty()) {
            return nobody();
        }
        Long[] after = after(query.getOrDefault("after", "0.0"));
        Duration wait = wait(query.getOrDefault("wait", "0s"));
        if (after.length != 2 || wait == null) {
            return now(Answer.text(400, "expected ?after=EPOCH.VERSION&wait=DURATION, such as ?after=3.17&wait=5s"));
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return now(Answer.text(503, MOST_WAITING + " askers wait already"));
        }
        return cluster.get().newerThan(after[0], after[1], wait).handle((text, failure) -> {
            waiting.decrementAndGet();
            return failure == null ? Answer.json(200, text) : Answer.text(503, words(failure));
        });
    }

    private static Long[] after(String text) {
        return text.matches("\\d{1,18}\\.\\d{1,18}")
                ? List.of(text.split("\\.", -1)).stream().map(Long::valueOf).toArray(Long[]::new)
                : new Long[0];
    }

    private static @Nullable Duration wait(String text) {
        Matcher words = WAIT.matcher(text);
        if (!words.matches()) {
            return null;
        }
        long number = Long.parseLong(words.group(1));
        Duration asked = words.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }

    CompletableFuture<Answer> order(String path, String body) {
        if (path.equals(PREFIX + "backup")) {
            return cluster.isEmpty() ? nobody() : backups.order(cluster.get(), body);
        }
        Optional<Change> change = List.of(Change.values()).stream()
                .filter(one -> path.equals(PREFIX + word(one)))
                .findFirst();
        if (change.isEmpty()) {
            return now(Answer.text(
                    404,
                    "expected " + PREFIX + "switchover, failover, rejoin, join, drain, ready, maintenance or backup"));
        }
        if (cluster.isEmpty()) {
            return nobody();
        }
        Optional<Order> order = parsed(change.get(), body);
        if (order.isEmpty()) {
            return now(Answer.text(400, "expected " + expected(change.get())));
        }
        SortedSet<String> known = cluster.get().nodes();
        Optional<String> stranger =
                order.get().node().filter(node -> !known.contains(node)).map(DatabaseDesk::shown);
        if (stranger.isPresent()) {
            return now(
                    Answer.text(404, "there is no node " + stranger.get() + ", there are " + String.join(", ", known)));
        }
        return cluster.get()
                .order(order.get())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .handle((reply, failure) -> failure == null
                        ? Answer.text(reply.done() ? 200 : 409, reply.text().strip())
                        : Answer.text(
                                504,
                                "no outcome within " + PATIENCE.toSeconds() + " s; see the log and status ("
                                        + words(failure) + ")"));
    }

    /** What came from outside is not echoed at length. */
    private static String shown(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "…";
    }

    private static String word(Change change) {
        return change.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String expected(Change change) {
        return switch (change) {
            case SWITCHOVER -> "{\"to\":\"db2\",\"dryRun\":true}, each of them optional";
            case FAILOVER -> "{\"dryRun\":true,\"acceptLoss\":\"…\"}, each of them optional";
            case REJOIN -> "{\"node\":\"db2\",\"anew\":true,\"dryRun\":true}, all but the first optional";
            case JOIN -> "{\"node\":\"db2\",\"dryRun\":true}, the second optional";
            case DRAIN, READY -> "{\"node\":\"db2\"}";
            case MAINTENANCE -> "{\"state\":\"on|off\"}";
        };
    }

    private static Optional<Order> parsed(Change change, String body) {
        try {
            Object given = body.isBlank() ? Map.of() : Json.parse(body);
            if (!(given instanceof Map<?, ?> wish) || !keys(change).containsAll(wish.keySet())) {
                return Optional.empty();
            }
            Object dry = wish.containsKey("dryRun") ? wish.get("dryRun") : (Object) false;
            boolean named = NAMED.contains(change);
            Object node = wish.get(named ? "node" : "to");
            Object typed = change == Change.REJOIN
                    ? anew(wish)
                    : wish.get(change == Change.MAINTENANCE ? "state" : "acceptLoss");
            boolean good = dry instanceof Boolean
                    && (node instanceof String || (node == null && !named))
                    && (typed instanceof String || typed == null)
                    && (change != Change.MAINTENANCE || "on".equals(typed) || "off".equals(typed));
            return good
                    ? Optional.of(new Order(
                            change, Optional.ofNullable((String) node), (Boolean) dry, Optional.ofNullable((String)
                                    typed)))
                    : Optional.empty();
        } catch (JsonSyntaxException rubbish) {
            return Optional.empty();
        }
    }

    /** A word or nothing; what is neither yes nor no is no word either. */
    private static @Nullable Object anew(Map<?, ?> wish) {
        Object wanted = wish.containsKey("anew") ? wish.get("anew") : (Object) false;
        return wanted instanceof Boolean yes ? (yes ? "anew" : null) : (Object) List.of();
    }

    private static List<String> keys(Change change) {
        return switch (change) {
            case SWITCHOVER -> List.of("to", "dryRun");
            case FAILOVER -> List.of("dryRun", "acceptLoss");
            case REJOIN -> List.of("node", "anew", "dryRun");
            case JOIN -> List.of("node", "dryRun");
            case DRAIN, READY -> List.of("node");
            case MAINTENANCE -> List.of("state");
        };
    }

    private static CompletableFuture<Answer> nobody() {
        return now(
                Answer.text(404, "no database node runs in this process; ask one that has the role database-cluster"));
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static String words(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }
}
