package com.foobar.database;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.quorum.Neighbours;
import com.foobar.quorum.Quorum;
import com.foobar.quorum.RatisQuorum;
import com.foobar.quorum.Timing;
import com.foobar.quorum.VoterSettings;
import com.foobar.quorum.VoterTls;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;

/** The voters of this process. */
final class VotersHere implements AutoCloseable {
    private final DatabasePlan plan;
    private final Optional<VoterTls> tls;
    private final Time time;
    /** By name; several threads of the start add to it. */
    private final NavigableMap<String, Quorum> open = new ConcurrentSkipListMap<>();

    private final Neighbours neighbours = new Neighbours();
    private final CompletableFuture<Void> opening;

    private VotersHere(DatabasePlan plan, Optional<VoterTls> tls, Time time) {
        this.plan = plan;
        this.tls = tls;
        this.time = time;
        this.opening = CompletableFuture.runAsync(
                this::openAll, task -> Threads.one(plan.name(), "voters", task).start());
    }

    /** Begins to open them, on threads of their own: it takes about as long as the start of a server. */
    static VotersHere begin(DatabasePlan plan, Optional<VoterTls> tls, Time time) {
        return new VotersHere(plan, tls, time);
    }

    /** Until they are open, or one cannot be. */
    NavigableMap<String, Quorum> await() throws StartFailure {
        try {
            opening.join();
            return open;
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Whether all there are live here. */
    private static boolean areAll(DatabasePlan plan) {
        return plan.votersHere().containsAll(plan.voters().keySet());
    }

    static Timing timing(DatabasePlan plan) {
        return areAll(plan) ? Timing.ONE_PROCESS : Timing.DEFAULT;
    }

    /** All but one at once, as none needs another; the last one then finds whom it asks to elect it. */
    private void openAll() {
        List<String> names = plan.votersHere().stream().sorted().toList();
        if (names.isEmpty()) {
            return;
        }
        Timing timing = timing(plan);
        names.subList(1, names.size()).parallelStream().forEach(name -> open(name, timing));
        open(names.get(0), areAll(plan) ? Timing.ONE_PROCESS_LAST : timing);
    }

    private void open(String voter, Timing timing) {
        try {
            VoterSettings settings = new VoterSettings(
                    plan.cluster(),
                    voter,
                    plan.voters(),
                    plan.folder().resolve("quorum-" + voter),
                    timing,
                    tls,
                    areAll(plan) ? Optional.of(neighbours) : Optional.empty());
            open.put(voter, RatisQuorum.start(settings, time));
        } catch (StartFailure e) {
            throw new CompletionException(e);
        }
    }

    /** To voters elsewhere. */
    void handOver() {
        if (!areAll(plan)) {
            open.values().forEach(Quorum::stepDown);
        }
    }

    @Override
    public void close() {
        // What is still being opened has to be closed too; how that ended, the start has said.
        CompletableFuture<Void> unused = opening.exceptionally(failed -> null);
        unused.join();
        open.values().parallelStream().forEach(Quorum::close);
    }
}
