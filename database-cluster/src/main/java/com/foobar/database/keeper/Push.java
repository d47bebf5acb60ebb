package com.foobar.database.keeper;

import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.act.Promotion;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Position;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the writers of a primary that wait for an acknowledgement which was lost with its connection: see {@link Promotion#pushOn}. It
 * needs no order, because it is a write like any other, and confirms nothing that no replica has.
 */
final class Push implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Push.class);

    /** With a replica attached, somebody is acknowledged within this; each push in vain doubles it, as every one leaves a waiting session. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final KeeperPlan plan;
    private final HostPort at;
    private final Time time;
    private final ThreadPoolExecutor thread;

    // Of the thread that looks.
    private @Nullable Position stuckAt;
    private long stuckSince;
    private Duration patience = FIRST;

    Push(KeeperPlan plan, HostPort at, Time time) {
        this.plan = plan;
        this.at = at;
        this.time = time;
        this.thread = new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(1),
                Threads.named(plan.name().text(), "push"));
    }

    /** What a look found. */
    void saw(NodeStatus status) {
        boolean waits = !status.readOnly()
                && status.semiSync().asSource()
                && status.semiSync().ackers() > 0
                && status.semiSync().waiting() > 0;
        if (!waits) {
            stuckAt = null;
            patience = FIRST;
        } else if (!Objects.equals(stuckAt, status.applied())) {
            stuckAt = status.applied();
            stuckSince = time.nanos();
        } else if (time.nanos() - stuckSince >= patience.toNanos()) {
            stuckSince = time.nanos();
            patience = patience.multipliedBy(2).compareTo(LONGEST) < 0 ? patience.multipliedBy(2) : LONGEST;
            LOG.info(
                    "{} has {} writes that no replica acknowledges: it pushes them on",
                    plan.name(),
                    status.semiSync().waiting());
            push();
        }
    }

    private void push() {
        try {
            thread.execute(() -> {
                try (NodeSession session = NodeSession.open(plan.target(at), plan.orderBounds())) {
                    Promotion.pushOn(session);
                } catch (NodeFailure e) {
                    LOG.debug("{} was pushed in vain: {}", plan.name(), e.getMessage());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is being pushed still, or closed", plan.name());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
