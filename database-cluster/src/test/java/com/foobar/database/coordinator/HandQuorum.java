package com.foobar.database.coordinator;

import com.foobar.kernel.time.Time;
import com.foobar.quorum.Confirmed;
import com.foobar.quorum.NotLeading;
import com.foobar.quorum.Quorum;
import com.foobar.quorum.Standing;
import com.foobar.quorum.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A quorum that does what the test says. */
final class HandQuorum implements Quorum {
    final List<String> written = new ArrayList<>();
    boolean leads = true;
    boolean silent;
    long term = 1;
    long version;
    String content = "";
    /** What the next write is answered, instead of being done. */
    @Nullable
    Written next;

    /** Sees each write that is done, before its writer does. */
    Consumer<String> onWrite = text -> {};

    private final Time time;
    private final List<String> journal;

    HandQuorum(Time time, List<String> journal) {
        this.time = time;
        this.journal = journal;
    }

    @Override
    public Standing standing() {
        return new Standing(leads, term, Optional.of(leads ? "here" : "there"));
    }

    @Override
    public CompletableFuture<Confirmed> confirm(String record) {
        if (silent) {
            return new CompletableFuture<>();
        }
        return leads
                ? CompletableFuture.completedFuture(new Confirmed(term, time.nanos(), version, content))
                : CompletableFuture.failedFuture(new NotLeading("somebody else does", Optional.of("there")));
    }

    @Override
    public CompletableFuture<Written> write(String record, long expected, String text, long by) {
        Written answer = next;
        next = null;
        if (answer != null) {
            journal.add("write " + answer.getClass().getSimpleName());
            return CompletableFuture.completedFuture(answer);
        }
        if (by != term) {
            return CompletableFuture.completedFuture(new Written.Deposed(term));
        }
        if (expected != version) {
            return CompletableFuture.completedFuture(new Written.Conflict(version));
        }
        journal.add("write");
        version++;
        content = text;
        written.add(text);
        onWrite.accept(text);
        return CompletableFuture.completedFuture(new Written.Done(version));
    }

    @Override
    public void onStanding(Runnable task) {}

    @Override
    public void stepDown() {}

    @Override
    public void close() {}
}
