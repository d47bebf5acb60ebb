package com.foobar.database.keeper;

import com.foobar.database.act.NodeFailure;
import com.foobar.database.act.NodeSession;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Stamp;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the server over a kept connection, on a thread of its own. A look is answered within its limit whatever the server does: the
 * limit answers in the thread's place and breaks its connection.
 */
final class Probe implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    private final KeeperPlan plan;
    private final HostPort at;
    private final Station station;
    private final Time time;
    private final ExecutorService thread;
    private final Push push;
    private final Room room; // the thread's alone

    /** As the thread saw it last. */
    private volatile boolean full;

    // Guarded by this object's lock.
    private @Nullable Look open;
    private @Nullable Moment failingSince;
    private String lastComplaint = "";

    /** Used by the thread; broken by the limit of a look. */
    private volatile @Nullable NodeSession session;

    private volatile boolean leaving;

    private Station.@Nullable Running sessionOf; // the thread's alone

    private record Look(Moment asked, CompletableFuture<NodeView> view) {}

    private record Seen(Reach reach, @Nullable NodeState state) {}

    Probe(KeeperPlan plan, HostPort at, Station station, Time time) {
        this.plan = plan;
        this.at = at;
        this.station = station;
        this.time = time;
        this.push = new Push(plan, at, time);
        this.room = new Room(plan.notes(), time);
        this.thread =
                Executors.newSingleThreadExecutor(Threads.named(plan.name().text(), "look"));
    }

    /** A second look while one is under way is the same: its answer is dated from the first question, and so claims no more. */
    CompletableFuture<NodeView> look() {
        Look look;
        synchronized (this) {
            if (open != null) {
                return open.view().copy();
            }
            look = new Look(now(), new CompletableFuture<>());
            open = look;
        }
        Time.Timeout limit = time.after(plan.limits().look(), () -> overdue(look));
        try {
            thread.execute(() -> {
                if (!look.view().isDone()) {
                    Seen seen = seeWhatever();
                    limit.cancel();
                    answer(look, seen);
                }
            });
        } catch (RejectedExecutionException e) {
            limit.cancel();
            // Closed: it says nothing of a server that runs still, but the end of one it has always known.
            answer(look, station.running() == null ? absent() : new Seen(Reach.TIMED_OUT, null));
        }
        return look.view().copy();
    }

    /** What is said of the keeper from the next answer on. */
    void leaving(boolean now) {
        leaving = now;
    }

    private Moment now() {
        return new Moment(time.nanos());
    }

    private void overdue(Look look) {
        answer(look, station.running() == null ? absent() : new Seen(Reach.TIMED_OUT, null));
        NodeSession hangs = session;
        if (hangs != null) {
            hangs.abort();
        }
    }

    private void answer(Look look, Seen seen) {
        NodeView view;
        synchronized (this) {
            if (!look.equals(open)) {
                return;
            }
            open = null;
            if (seen.state() != null) {
                failingSince = null;
            } else if (failingSince == null) {
                failingSince = look.asked();
            }
            view = new NodeView(
                    plan.name(), look.asked(), now(), seen.reach(), keeper(seen), failingSince, seen.state());
        }
        boolean unused = look.view().complete(view);
    }

    private NodeView.Keeper keeper(Seen seen) {
        if (seen.reach() == Reach.EXITED) {
            return NodeView.Keeper.STOPPED;
        }
        return leaving ? NodeView.Keeper.LEAVING : full ? NodeView.Keeper.FULL : NodeView.Keeper.RUNS;
    }

    /** While it is being started nobody must take it for ended, or it would be ordered to start again and again. */
    private Seen absent() {
        return new Seen(station.starting() ? Reach.REFUSED : Reach.EXITED, null);
    }

    /** A server may say what nobody thought of: that is no answer, and no end of looking. */
    private Seen seeWhatever() {
        try {
            return see();
        } catch (RuntimeException e) {
            drop();
            complain("what it says cannot be understood: " + e);
            return new Seen(Reach.TIMED_OUT, null);
        }
    }

    private Seen see() {
        Station.Running running = station.running();
        if (running == null) {
            drop();
            return absent();
        }
        if (!running.equals(sessionOf)) {
            drop();
        }
        boolean kept = session != null;
        try {
            return new Seen(Reach.ANSWERED, ask(running));
        } catch (NodeFailure first) {
            drop();
            // A kept connection that broke says little: whether anybody listens still does.
            if (kept && first.kind() == NodeFailure.Kind.BROKEN) {
                return again(running);
            }
            return failed(first);
        } catch (IOException e) {
            complain("what was seen cannot be noted: " + e);
            return new Seen(Reach.TIMED_OUT, null);
        }
    }

    private Seen again(Station.Running running) {
        try {
            return new Seen(Reach.ANSWERED, ask(running));
        } catch (NodeFailure second) {
            drop();
            return failed(second);
        } catch (IOException e) {
            complain("what was seen cannot be noted: " + e);
            return new Seen(Reach.TIMED_OUT, null);
        }
    }

    private NodeState ask(Station.Running running) throws NodeFailure, IOException {
        long changes = station.changes();
        // Before the question: an order of an earlier term that was still under way then has not been obeyed for good.
        Stamp obeyed = station.notes().obeyed();
        NodeSession asked = session;
        if (asked == null) {
            asked = NodeSession.open(plan.target(at), plan.lookBounds());
            session = asked;
            sessionOf = running;
        }
        NodeStatus status = asked.status();
        Notes notes = station.saw(running, status, changes);
        push.saw(running, status);
        full = room.isFull();
        complain("");
        return Reading.of(status, notes, obeyed, plan::nodeAt);
    }

    private Seen failed(NodeFailure failure) {
        if (station.running() == null) {
            return absent();
        }
        complain(String.valueOf(failure.getMessage()));
        return new Seen(
                switch (failure.kind()) {
                    case REFUSED -> Reach.REFUSED;
                    case BROKEN -> Reach.RESET;
                    // It lives, but has no answer for us: soft evidence, as silence is.
                    default -> Reach.TIMED_OUT;
                },
                null);
    }

    /** Each complaint once, not at every look. */
    private void complain(String complaint) {
        synchronized (this) {
            if (complaint.equals(lastComplaint)) {
                return;
            }
            lastComplaint = complaint;
        }
        if (complaint.isEmpty()) {
            LOG.info("{} answers", plan.name());
        } else {
            LOG.warn("{} does not answer: {}", plan.name(), complaint);
        }
    }

    private void drop() {
        NodeSession old = session;
        session = null;
        sessionOf = null;
        if (old != null) {
            // Not closed with a word: the server may hang.
            old.abort();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        push.close();
        NodeSession kept = session;
        if (kept != null) {
            kept.abort();
        }
    }
}
