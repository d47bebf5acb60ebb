package com.foobar.appserver.data;

import com.foobar.appserver.data.TopologyNews.Heard;
import com.foobar.kernel.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster as the newest document has it: makes the new pools, swaps one reference, cuts what is no longer wanted. */
final class Cluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** What somebody needs who wants to decide: the era and whether its document is young enough for writes. */
    record View(@Nullable Era era, boolean fresh) {}

    final LongAdder aborted = new LongAdder();

    private final String owner;
    private final Accounts accounts;
    private final DataSettings settings;
    private final TopologyNews news;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable Era era;
    private volatile @Nullable Heard heard;
    /** Guarded by lock. */
    private boolean closed;

    Cluster(String owner, Accounts accounts, DataSettings settings, TopologyNews news, Time time) {
        this.owner = owner;
        this.accounts = accounts;
        this.settings = settings;
        this.news = news;
        this.time = time;
    }

    void listen() {
        news.subscribe(this::hear);
    }

    View view() {
        // The era first: with a document heard meanwhile it would seem fresher than it is.
        Era now = era;
        Heard last = heard;
        boolean fresh = last != null
                && now != null
                && time.nanos() - last.askedAtNanos()
                        < last.document().validity().toNanos()
                && last.document().isSameAs(now.document());
        return new View(now, fresh);
    }

    void doubt() {
        news.askAgain();
    }

    /** Waits until there is another era than that one; not longer than so many nanoseconds. Returns whether there is. */
    boolean await(@Nullable Era seen, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (era == seen && !closed) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void hear(Heard next) {
        Map<PoolKey, NodePool> retired = new HashMap<>();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Era before = era;
            if (before == null || next.document().isNewerThan(before.document())) {
                Era after = next(before, next.document());
                if (before != null) {
                    retired.putAll(before.pools());
                    retired.values().removeAll(after.pools().values());
                }
                era = after;
                tell(before, after);
            }
            heard = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        retire(retired);
    }

    private Era next(@Nullable Era before, TopologyDocument document) {
        Map<PoolKey, NodePool> pools = new HashMap<>();
        for (PoolKey key : Era.wanted(document, accounts.schema().isPresent())) {
            NodePool known = before == null ? null : before.pools().get(key);
            pools.put(key, known == null ? open(key) : known);
        }
        return new Era(document, pools);
    }

    private NodePool open(PoolKey key) {
        Account account =
                switch (key.use()) {
                    case WRITE -> accounts.application();
                    case READ -> accounts.reader();
                    case SCHEMA -> accounts.schema().orElseThrow();
                };
        return new NodePool(owner, key, accounts.schemaName(), account, accounts.trust(), settings, time);
    }

    private void retire(Map<PoolKey, NodePool> pools) {
        pools.forEach((key, pool) -> {
            int cut = pool.retire();
            aborted.add(cut);
            LOG.info("{} connections to {} for {} are cut: it is that no longer", cut, key.node(), key.use());
        });
    }

    private static void tell(@Nullable Era before, Era after) {
        String primary = after.document().primary().orElse("nobody");
        if (before == null
                || !before.document().primary().equals(after.document().primary())) {
            LOG.info("epoch {}: {} takes the writes", after.document().epoch(), primary);
        }
    }

    @Override
    public void close() {
        Era last;
        lock.lock();
        try {
            closed = true;
            last = era;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            // All are cut before the first is waited for.
            last.pools().values().forEach(NodePool::retire);
            last.pools().values().forEach(NodePool::close);
        }
    }
}
