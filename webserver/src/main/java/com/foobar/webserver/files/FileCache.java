package com.foobar.webserver.files;

import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the files of all sites. Small files are held as bytes, larger ones open, and names without a file as such;
 * all of it bounded, the longest unused goes first (a clock: one mark instead of a list that every hit would have to lock).
 *
 * <p>A hit takes no lock. The lock guards the two clocks and the sums, and only those who add or remove take it; nothing blocks
 * while it is held but the closing of files that were read.
 */
public final class FileCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);

    /** How old an answer may be: what is replaced on disk is seen after this. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** An open file that nobody asks for holds the space of one that was deleted. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static final Duration SWEEP = Duration.ofSeconds(10);

    /** Names without a file: scanners ask for thousands, and none of them may push a file out. */
    private static final int MOST_OTHERS = 4096;

    private final Executor executor;
    private final Time time;
    private final Time.Timeout sweeper;
    private final long freshNanos = FRESH.toNanos();
    private volatile FileCacheSettings settings;

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder revalidations = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();

    /** Everything below is guarded by the lock. The clocks: the hand is at the first. */
    private final Set<Entry> files = new LinkedHashSet<>();

    private final Set<Entry> others = new LinkedHashSet<>();
    private long bytes;
    private long open;
    private boolean closed;

    /** The executor reads and compresses; it stays the caller's, should be bounded, and may refuse. */
    public FileCache(FileCacheSettings settings, Executor executor, Time time) {
        this.settings = settings;
        this.executor = executor;
        this.time = time;
        this.sweeper = time.every(SWEEP, this::sweep);
    }

    /** What fits no more is let go of. */
    public void settings(FileCacheSettings next) {
        settings = next;
        locked(this::shrink);
    }

    public CacheCounts counts() {
        lock.lock();
        try {
            return new CacheCounts(
                    hits.sum(),
                    misses.sum(),
                    revalidations.sum(),
                    changes.sum(),
                    evictions.sum(),
                    bytes,
                    files.size() + others.size(),
                    open);
        } finally {
            lock.unlock();
        }
    }

    /** The entry of a path while it may be believed; null when it must be looked up. On an I/O thread: a stat at most. */
    @Nullable
    Entry fresh(Site site, String path) {
        Entry entry = site.entries.get(path);
        if (entry == null) {
            return null;
        }
        long now = time.nanos();
        if (now - entry.checked() < freshNanos || stillTrue(entry, now)) {
            hits.increment();
            entry.touch();
            return entry;
        }
        remove(entry);
        return null;
    }

    private boolean stillTrue(Entry entry, long now) {
        if (entry.kind != Entry.Kind.FILE) {
            return false;
        }
        entry.checkedAt(now);
        revalidations.increment();
        boolean same = !entry.racy;
        for (int i = 0; same && i < entry.watched.size(); i++) {
            same = entry.watched.get(i).same();
        }
        if (!same) {
            changes.increment();
        }
        return same;
    }

    /** Remembers that a path has no file, so that the next request for it need not look. */
    void absent(Site site, String path) {
        misses.increment();
        keep(Entry.other(Entry.Kind.ABSENT, path, site, time.nanos()));
    }

    /**
     * Looks a path up on the executor; who comes meanwhile shares the result. The future is completed there, and only until its
     * callbacks have run is the entry sure to be open: retain it in them. Throws when the executor refuses.
     */
    CompletableFuture<Entry> load(Site site, String path, String name) {
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> others = site.loading.putIfAbsent(path, mine);
        if (others != null) {
            return others;
        }
        misses.increment();
        try {
            executor.execute(() -> read(site, path, name, mine));
        } catch (RejectedExecutionException full) {
            site.loading.remove(path, mine);
            mine.completeExceptionally(full);
        }
        return mine;
    }

    private void read(Site site, String path, String name, CompletableFuture<Entry> result) {
        Entry entry;
        try {
            long largest = settings.largest().bytes();
            entry = new Intake(site, largest, time.instant(), time.nanos()).take(path, name);
        } catch (IOException | RuntimeException | Error failure) {
            site.loading.remove(path, result);
            result.completeExceptionally(failure);
            return;
        }
        boolean kept = keep(entry);
        site.loading.remove(path, result);
        result.complete(entry);
        if (!kept) {
            entry.release();
        }
    }

    /** Compresses the plain bytes of an entry on the executor; null when it does not pay or cannot be done. */
    CompletableFuture<@Nullable Variant> gzip(Entry entry) {
        CompletableFuture<@Nullable Variant> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Variant> others = entry.claimGzip(mine);
        if (others != null) {
            return others;
        }
        if (!entry.plain().retain()) {
            mine.complete(null);
            return mine;
        }
        try {
            executor.execute(() -> compress(entry, mine));
        } catch (RejectedExecutionException full) {
            entry.plain().release();
            entry.unclaimGzip();
            mine.complete(null);
        }
        return mine;
    }

    private void compress(Entry entry, CompletableFuture<@Nullable Variant> result) {
        Variant made = null;
        try {
            made = Intake.gzip(entry);
        } catch (IOException | RuntimeException | Error unreadable) {
            // The plain bytes are an answer too, and whatever is wrong with them shows when they are sent.
            LOG.warn("{} of site {} could not be compressed", entry.path, entry.site.name(), unreadable);
        } finally {
            entry.plain().release();
        }
        if (made == null) {
            entry.gzipUseless();
        } else {
            grow(entry, made);
        }
        result.complete(made);
    }

    private void grow(Entry entry, Variant made) {
        locked(() -> {
            if (entry.kept) {
                bytes -= entry.cost();
                entry.gzipped(made);
                bytes += entry.cost();
                shrink();
            }
        });
    }

    private boolean keep(Entry entry) {
        lock.lock();
        try {
            FileCacheSettings now = settings;
            if (closed || entry.cost() > now.memory().bytes() || entry.openFiles() > now.open()) {
                return false;
            }
            Entry before = entry.site.entries.put(entry.path, entry);
            if (before != null) {
                takeOut(before);
            }
            entry.kept = true;
            clock(entry).add(entry);
            bytes += entry.cost();
            open += entry.openFiles();
            shrink();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Until everything fits; called with the lock held. */
    private void shrink() {
        while (others.size() > MOST_OTHERS || (bytes > settings.memory().bytes() && !others.isEmpty())) {
            evict(others);
        }
        while ((bytes > settings.memory().bytes() || open > settings.open()) && !files.isEmpty()) {
            evict(files);
        }
    }

    /** One turn of the hand: who was asked for since the last gets another round. */
    private void evict(Set<Entry> clock) {
        Iterator<Entry> hand = clock.iterator();
        Entry candidate = hand.next();
        hand.remove();
        if (candidate.takeTouch()) {
            clock.add(candidate);
            return;
        }
        evictions.increment();
        drop(candidate);
    }

    private void remove(Entry entry) {
        locked(() -> takeOut(entry));
    }

    /** Called with the lock held. */
    private void takeOut(Entry entry) {
        if (entry.kept) {
            drop(entry);
            clock(entry).remove(entry);
        }
    }

    private Set<Entry> clock(Entry entry) {
        return entry.kind == Entry.Kind.FILE ? files : others;
    }

    /** Called with the lock held; the clock still has it. */
    private void drop(Entry entry) {
        entry.kept = false;
        entry.site.entries.remove(entry.path, entry);
        bytes -= entry.cost();
        open -= entry.openFiles();
        entry.release();
    }

    /** Of a site that a reload has taken away or changed. */
    void forget(Site site) {
        site.entries.values().forEach(this::remove);
    }

    /** On the timer's thread. */
    private void sweep() {
        long now = time.nanos();
        locked(() -> {
            for (Iterator<Entry> each = files.iterator(); open > 0 && each.hasNext(); ) {
                Entry entry = each.next();
                if (entry.openFiles() > 0 && now - entry.checked() > IDLE.toNanos()) {
                    each.remove();
                    drop(entry);
                }
            }
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of everything; answers under way keep what they are sending. */
    @Override
    public void close() {
        sweeper.cancel();
        locked(() -> {
            closed = true;
            files.forEach(this::drop);
            others.forEach(this::drop);
            files.clear();
            others.clear();
        });
    }
}
