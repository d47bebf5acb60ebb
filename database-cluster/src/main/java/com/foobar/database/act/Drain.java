package com.foobar.database.act;

import com.foobar.database.dialect.Dialect;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Position;
import com.foobar.database.dialect.Receiver;
import com.foobar.database.dialect.Row;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.List;

/** Lets a replica apply all it has received. */
public final class Drain {

    /** Between two slices it is seen whether the applier still runs: the server's own wait goes on without it. */
    private static final Duration SLICE = Duration.ofMillis(200);

    private Drain() {}

    /**
     * Waits until everything received is applied. At the limit there is a failure, never a half-drained node: promoting one loses writes
     * that were confirmed.
     *
     * @param seen what the decision to promote it saw it hold; a server that restarted a thread meanwhile may have forgotten some of it,
     *     and would look drained
     * @throws NodeFailure of the kind UNFIT while it receives, NOT_DRAINED at the limit, when its applier has stopped, or when it holds
     *     less than was seen
     */
    public static Drained run(NodeSession node, Position seen, Duration limit, Time time) throws NodeFailure {
        Dialect dialect = node.dialect();
        long began = time.nanos();
        NodeStatus first = finalStatus(node);
        Position received = first.received();
        if (!dialect.covers(received, seen)) {
            throw NodeFailure.of(
                    NodeFailure.Kind.NOT_DRAINED,
                    node.at(),
                    "it holds " + received + " only and was seen to hold " + seen
                            + ": it has forgotten writes that may be confirmed");
        }
        if (!applies(first) && dialect.covers(first.applied(), received)) {
            // Nothing moves and nothing is missing: a primary that was restarted, or a replica, which forgets what it
            // had not applied.
            return new Drained(node.at(), received);
        }
        while (true) {
            Duration left = limit.minusNanos(time.nanos() - began);
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            List<Row> answer = node.ask(
                    dialect.await(received, slice.isNegative() ? Duration.ZERO : slice), SLICE.plus(node.patience()));
            NodeStatus status = node.status();
            // The wait's word is checked against the position: an applier that was restarted wakes waiters, too.
            if (!answer.isEmpty() && dialect.waited(answer.get(0)) && dialect.covers(status.applied(), received)) {
                return new Drained(node.at(), received);
            }
            if (left.isNegative() || left.isZero() || !applies(status)) {
                throw NodeFailure.of(NodeFailure.Kind.NOT_DRAINED, node.at(), reason(status, received, limit));
            }
        }
    }

    private static boolean applies(NodeStatus status) {
        return status.receiver().filter(Receiver::applying).isPresent();
    }

    private static NodeStatus finalStatus(NodeSession node) throws NodeFailure {
        NodeStatus status = node.status();
        if (status.receiver()
                .filter(receiver -> receiver.link() != Receiver.Link.STOPPED)
                .isPresent()) {
            throw NodeFailure.of(NodeFailure.Kind.UNFIT, node.at(), "it still receives: what it holds is not final");
        }
        return status;
    }

    private static String reason(NodeStatus status, Position received, Duration limit) {
        String stands = "it has applied " + status.applied() + " of " + received;
        return status.receiver()
                .filter(receiver -> !receiver.applying())
                .map(receiver -> stands + " and its applier has stopped"
                        + receiver.applyFault()
                                .map(fault -> ": " + fault.text() + " (" + fault.code() + ")")
                                .orElse(""))
                .orElse(stands + " after " + limit);
    }
}
