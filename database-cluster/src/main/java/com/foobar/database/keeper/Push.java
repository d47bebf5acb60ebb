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
 * Frees the writers of a primary that wait for an acknowledgement which was lost with its connection: by {@link Promotion#pushOn}, and where
 * that is in vain by SIGKILL. A primary on which nothing moves is worth less than a dead one, after which a replica that has all they
 * wait for is promoted. Softer means were looked for: who is ended while it leads a group of commits has the others answered.
 */
final class Push implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Push.class);

    /** With a replica attached somebody is acknowledged within this. */
    private static final Duration FIRST = Duration.ofMillis(500);

    /** Longer than a keeper's lease by default: who is cut off has been killed for that. */
    private static final Duration LAST = Duration.ofSeconds(4);

    private final KeeperPlan plan;
    private final HostPort at;
    private final Time time;
    private final ThreadPoolExecutor thread;

    // Of the thread that looks.
    private @Nullable Position stuckAt;
    private long stuckSince;
    private boolean pushed;

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

    /** What a look found. As long as anything is written there is no need. */
    void saw(Station.Running running, NodeStatus status) {
        boolean waits = !status.readOnly()
                && status.semiSync().asSource()
                && status.semiSync().ackers() > 0
                && status.semiSync().waiting() > 0;
        long now = time.nanos();
        if (!waits) {
            stuckAt = null;
            pushed = false;
        } else if (!Objects.equals(stuckAt, status.applied())) {
            stuckAt = status.applied();
            stuckSince = now;
        } else if (!pushed && now - stuckSince >= FIRST.toNanos()) {
            pushed = true;
            LOG.info(
                    "{} has {} writes that no replica acknowledges",
                    plan.name(),
                    status.semiSync().waiting());
            push();
        } else if (now - stuckSince >= LAST.toNanos()) {
            stuckSince = now;
            LOG.warn(
                    "{} has {} writes that no replica acknowledges, and a push was in vain: its server is killed",
                    plan.name(),
                    status.semiSync().waiting());
            running.life().kill();
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
