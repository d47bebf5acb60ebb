package com.foobar.http.probe;

import com.foobar.http.pool.Backend;
import com.foobar.kernel.time.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The first check of servers that are about to join a pool: each is asked once and joins with what it answered, so that a pool
 * whose servers are all new is never one that knows nobody. Answers come on the prober's threads; guarded by itself.
 */
public final class FirstRound {
    /** For those nobody has asked. */
    static final FirstRound NONE = new FirstRound(List.of());

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private int missing;
    private boolean over;

    /** What one said. */
    private record Answer(Backend asked, Check.Result result) {}

    private FirstRound(List<Backend> newcomers) {
        missing = newcomers.size();
        if (missing == 0) {
            done.complete(null);
        }
    }

    static FirstRound begin(List<Backend> newcomers, Check check, ExecutorService threads, Time time) {
        // In maintenance a server is not even asked.
        List<Backend> checkable =
                newcomers.stream().filter(one -> one.health().checkable()).toList();
        FirstRound round = new FirstRound(checkable);
        for (Backend one : checkable) {
            try {
                threads.execute(() -> round.answered(one, check.of(one.address()), time));
            } catch (RejectedExecutionException closing) {
                round.done.complete(null);
            }
        }
        return round;
    }

    /** Completes when all have answered or failed to. */
    public CompletableFuture<Void> done() {
        return done;
    }

    private void answered(Backend one, Check.Result result, Time time) {
        synchronized (this) {
            if (over) {
                return;
            }
            boolean unused = one.verdict(result.passed(), time.nanos());
            answers.put(one.name(), new Answer(one, result));
            missing--;
            if (missing > 0) {
                return;
            }
        }
        done.complete(null);
    }

    /** What comes later counts for nothing: the prober asks again, or nobody wants to know any more. */
    public synchronized void end() {
        over = true;
    }

    synchronized Check.@Nullable Result of(Backend member) {
        Answer answer = answers.get(member.name());
        return answer == null || !answer.asked.address().equals(member.address()) ? null : answer.result;
    }
}
