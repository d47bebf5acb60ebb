package com.foobar.launcher.admin;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one backup under way. It may outlast any connection: who asked is told to ask for its outcome, as often as it takes. */
final class BackupJob {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_KEPT = 10_000;
    private static final String EXPECTED =
            "expected {\"to\":\"/backups\",\"keep\":7,\"verify\":true}, each of them optional, or {\"wait\":true}";

    /** Guarded by this. */
    private @Nullable CompletableFuture<DatabaseDesk.Reply> job;

    CompletableFuture<Answer> order(DatabaseDesk.Cluster cluster, String body) {
        try {
            Object given = body.isBlank() ? Map.of() : Json.parse(body);
            if (!(given instanceof Map<?, ?> wish)
                    || !List.of("to", "keep", "verify", "wait").containsAll(wish.keySet())) {
                return now(Answer.text(400, EXPECTED));
            }
            return Boolean.TRUE.equals(wish.get("wait")) ? outcome() : begin(cluster, wish);
        } catch (JsonSyntaxException rubbish) {
            return now(Answer.text(400, EXPECTED));
        }
    }

    private synchronized CompletableFuture<Answer> begin(DatabaseDesk.Cluster cluster, Map<?, ?> wish) {
        Object to = wish.get("to");
        Object keep = wish.containsKey("keep") ? wish.get("keep") : (Object) 0L;
        Object verify = wish.containsKey("verify") ? wish.get("verify") : (Object) true;
        if (!(to == null || to instanceof String)
                || !(keep instanceof Number number)
                || number.longValue() < 0
                || number.longValue() > MOST_KEPT
                || !(verify instanceof Boolean verified)) {
            return now(Answer.text(400, EXPECTED));
        }
        if (job != null && !job.isDone()) {
            return now(Answer.text(409, "a backup is under way; {\"wait\":true} answers with its outcome"));
        }
        job = cluster.backup(
                new DatabaseDesk.BackupWish(Optional.ofNullable((String) to), number.intValue(), verified));
        return outcome();
    }

    private synchronized CompletableFuture<Answer> outcome() {
        if (job == null) {
            return now(Answer.text(409, "no backup has been taken by this process"));
        }
        return job.copy()
                .handle((reply, failure) -> failure == null
                        ? Answer.text(reply.done() ? 200 : 409, reply.text())
                        : Answer.text(500, "the backup failed: " + failure))
                .completeOnTimeout(
                        Answer.text(202, "under way; {\"wait\":true} answers with its outcome"),
                        PATIENCE.toSeconds(),
                        TimeUnit.SECONDS);
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
