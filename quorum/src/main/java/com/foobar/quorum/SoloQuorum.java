package com.foobar.quorum;

import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One voter, nothing agreed with anybody, nothing kept on disk: for tests, and for a single database server whose state can be observed
 * anew. It leads from its first moment to {@link #close}; the answers obey the same rule as those of a real quorum.
 */
public final class SoloQuorum implements Quorum {

    private final String name;
    private final Time time;
    private final List<Runnable> onStanding = new CopyOnWriteArrayList<>();

    /** Tasks run here and never in the caller's thread, so that they may take locks the caller holds: as with a real quorum. */
    private final ExecutorService teller;

    private final Object lock = new Object();

    /** Guarded by the lock, like the fields below. */
    private Records records = Records.NONE;

    private long term = 1;
    private boolean closed;

    public SoloQuorum(String name, Time time) {
        this.name = name;
        this.time = time;
        this.teller = Executors.newSingleThreadExecutor(Threads.named(name, "quorum-standing"));
    }

    @Override
    public Standing standing() {
        synchronized (lock) {
            return new Standing(!closed, term, closed ? Optional.empty() : Optional.of(name));
        }
    }

    @Override
    public CompletableFuture<Confirmed> confirm(String record) {
        long asked = time.nanos();
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new NotLeading(closing(), Optional.empty()));
            }
            Records.Kept kept = records.get(record);
            return CompletableFuture.completedFuture(new Confirmed(term, asked, kept.version(), kept.content()));
        }
    }

    @Override
    public CompletableFuture<Written> write(String record, long expectedVersion, String content, long givenTerm) {
        Records.Write write = new Records.Write(record, expectedVersion, content, givenTerm);
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.completedFuture(new Written.Deposed(term));
            }
            Records.Change change = records.apply(write, term);
            records = change.after();
            return CompletableFuture.completedFuture(change.answer());
        }
    }

    @Override
    public void onStanding(Runnable task) {
        onStanding.add(task);
    }

    /** Nobody else can take the lease: it is held anew under the next term, so whoever carries the old one is refused. */
    @Override
    public void stepDown() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            term++;
            tell();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            tell();
            teller.shutdown();
        }
    }

    /** Called with the lock held, so that nothing is handed to a teller that was shut down. */
    private void tell() {
        onStanding.forEach(teller::execute);
    }

    private String closing() {
        return "quorum voter " + name + " is closed";
    }
}
