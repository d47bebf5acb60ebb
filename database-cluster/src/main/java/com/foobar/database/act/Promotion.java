package com.foobar.database.act;

import com.foobar.database.dialect.Dialect;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Receiver;
import java.time.Duration;
import java.util.List;

/** Makes a drained replica the primary. */
public final class Promotion {

    /** Stopping the applier waits for the transaction in its hands. */
    private static final Duration STEP = Duration.ofSeconds(7);

    private Promotion() {}

    /**
     * The point of no return: when it returns, writes may have come. If it fails before its last statement no write was let in; a failure
     * without an answer leaves that open, and only a fence closes it.
     */
    public static NodeStatus promote(NodeSession node, Drained drained) throws NodeFailure {
        requireStillDrained(node, drained);
        node.run(node.dialect().promote(), STEP);
        NodeStatus now = node.status();
        if (now.readOnly() || !now.semiSync().asSource()) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT,
                    node.at(),
                    "after its promotion it is not a primary that asks for acknowledgements");
        }
        return now;
    }

    /** Whether the primary confirms only what a replica has; refused on a replica, whose applier would wait for ever. */
    public static void waitForAcks(NodeSession node, boolean needed) throws NodeFailure {
        if (node.status().readOnly()) {
            throw NodeFailure.of(NodeFailure.Kind.UNFIT, node.at(), "it is not the primary");
        }
        node.run(List.of(node.dialect().waitForAcks(needed)));
    }

    /**
     * A replica that lost its connection after it had received a write, and before its acknowledgement arrived, does not receive the write again
     * and says nothing of it: whoever waits for it waits until another write is acknowledged. This is one, that changes nothing. It
     * waits itself; and it gets nowhere where other commits queue before it.
     */
    public static void pushOn(NodeSession node) throws NodeFailure {
        node.run(node.dialect().logNothing());
    }

    /** Between drain and promotion somebody may have started its receiver again. */
    private static void requireStillDrained(NodeSession node, Drained drained) throws NodeFailure {
        Dialect dialect = node.dialect();
        NodeStatus status = node.status();
        boolean receives = status.receiver()
                .filter(receiver -> receiver.link() != Receiver.Link.STOPPED)
                .isPresent();
        if (!node.at().equals(drained.at())
                || receives
                || !dialect.covers(drained.position(), status.received())
                || !dialect.covers(status.applied(), drained.position())) {
            throw NodeFailure.of(
                    NodeFailure.Kind.NOT_DRAINED,
                    node.at(),
                    "it has received " + status.received() + " and applied " + status.applied()
                            + (receives ? ", and receives again" : "") + "; the drain was of " + drained);
        }
    }
}
