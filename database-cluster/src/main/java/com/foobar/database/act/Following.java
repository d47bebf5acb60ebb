package com.foobar.database.act;

import com.foobar.database.dialect.Dialect;
import com.foobar.database.dialect.History;
import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Position;
import com.foobar.database.dialect.Receiver;
import com.foobar.database.dialect.Source;
import java.time.Duration;

/** What a replica is told about its source. */
public final class Following {

    /**
     * A semi-sync replica that stops receiving first connects to its source to end its sender; when that hangs the server gives up after
     * one second, as the node's option file says, or five where an operator's file does not.
     */
    private static final Duration STOP = Duration.ofSeconds(7);

    private Following() {}

    /** From where the node stands by its own account. */
    public static void follow(NodeSession node, Source source) throws NodeFailure {
        node.run(node.dialect().follow(source), STOP);
    }

    /**
     * From the end of its own log, which was compared with the source's by who ordered this: what is received and not applied is
     * forgotten.
     */
    public static void resume(NodeSession node, Source source) throws NodeFailure {
        NodeStatus status = node.status();
        if (!status.readOnly() || status.semiSync().asSource()) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT, node.at(), "it is open for writes; it must be restarted or demoted first");
        }
        node.run(node.dialect().stopReplica(), STOP);
        // Only now: until it was stopped its applier may have gone on.
        node.run(node.dialect().resume(node.status()));
        follow(node, source);
    }

    /** After it nothing received grows: the condition for reading final positions. Idempotent. */
    public static void stopReceiver(NodeSession node) throws NodeFailure {
        node.run(node.dialect().stopReceiver(), STOP);
    }

    public static void startReceiver(NodeSession node) throws NodeFailure {
        node.run(node.dialect().startReceiver());
    }

    /**
     * Lets a replica apply again whose applier has stopped. To be done while it still receives, before a failover stops that.
     *
     * @throws NodeFailure of the kind UNFIT when that would throw away what it has received: perhaps the only copy of a confirmed write
     */
    public static void startApplier(NodeSession node) throws NodeFailure {
        Dialect dialect = node.dialect();
        NodeStatus status = node.status();
        boolean receives = status.receiver()
                .filter(receiver -> receiver.link() != Receiver.Link.STOPPED)
                .isPresent();
        if (dialect.forgetsReceived() && !receives && !dialect.covers(status.applied(), status.received())) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT,
                    node.at(),
                    "it holds " + status.received() + ", has applied " + status.applied()
                            + ", and would forget the difference if its applier were started now; let it receive first, or save"
                            + " its relay log");
        }
        node.run(dialect.startApplier());
    }

    /** Neither receives nor applies; what it has not applied by then may be forgotten at the next start. */
    public static void stop(NodeSession node) throws NodeFailure {
        node.run(node.dialect().stopReplica(), STOP);
    }

    public static void forget(NodeSession node) throws NodeFailure {
        node.run(node.dialect().forgetSource(), STOP);
    }

    /** Tells a node whose data came by a dump where that was taken; never to be used to make a diverged node look right. */
    public static void seed(NodeSession node, Position position) throws NodeFailure {
        Dialect dialect = node.dialect();
        NodeStatus status = node.status();
        if (!status.applied().isEmpty() && !dialect.covers(position, status.applied())) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT,
                    node.at(),
                    "it stands at " + status.applied() + ", which " + position
                            + " does not cover; replication would go on over" + " different data");
        }
        node.run(dialect.stopReplica(), STOP);
        node.run(dialect.seedPosition(position));
    }

    /** What the node has executed and the reference, the primary's history, has not. */
    public static Position errant(NodeSession node, History reference) throws NodeFailure {
        return node.dialect().errant(node.status().history(), reference);
    }

    /**
     * Brings a node back that was a primary, or was away: follows, unless it has writes that nobody else has.
     *
     * @throws NodeFailure of the kind ERRANT if so; it must be provisioned anew
     */
    public static void rejoin(NodeSession node, History reference, Source source) throws NodeFailure {
        NodeStatus status = node.status();
        if (!status.readOnly() || status.semiSync().asSource()) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT, node.at(), "it is open for writes; it must be restarted or demoted first");
        }
        Position errant = node.dialect().errant(status.history(), reference);
        if (!errant.isEmpty()) {
            throw NodeFailure.of(
                    NodeFailure.Kind.ERRANT,
                    node.at(),
                    "it has writes that the primary lacks (" + errant + "); set its data aside and provision it anew");
        }
        requireNothingHeldBack(node, status, reference);
        node.run(node.dialect().stopReplica(), STOP);
        node.run(node.dialect().resume(status));
        follow(node, source);
    }

    /** Following somebody else empties the relay log: what is only there must not be lost without a word. */
    private static void requireNothingHeldBack(NodeSession node, NodeStatus status, History reference)
            throws NodeFailure {
        Dialect dialect = node.dialect();
        Position primary = dialect.union(reference.executed(), reference.replicated());
        if (!dialect.covers(primary, status.received())) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT,
                    node.at(),
                    "it has received " + status.received() + ", which the primary at " + primary
                            + " lacks; that would be forgotten if it followed now");
        }
    }
}
