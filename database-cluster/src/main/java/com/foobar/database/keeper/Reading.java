package com.foobar.database.keeper;

import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Receiver.Link;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Position;
import com.foobar.database.model.Receiver;
import com.foobar.database.model.SemiSync;
import com.foobar.database.model.Stamp;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** PURE. From what a server says of itself to what decisions are made of: the one place where the two meet. */
final class Reading {

    /** "The slave has diverged", or needs logs that were purged: no retry cures it. Of every other error another try may. */
    private static final int DIVERGED = 1236;

    private Reading() {}

    /** @param obeyed as it was before the server was asked: then nothing older can have changed what it says */
    static NodeState of(NodeStatus status, Notes notes, Stamp obeyed, Function<HostPort, NodeName> names) {
        Position applied = applied(status);
        Optional<com.foobar.database.dialect.Receiver> receiver = status.receiver();
        return new NodeState(
                notes.cluster(),
                status.readOnly(),
                notes.reign(),
                applied,
                applied.join(GtidPosition.parse(status.received().text())),
                new Receiver(
                        receiver.map(Reading::state).orElse(Receiver.State.STOPPED),
                        receiver.map(whom -> names.apply(whom.source())).orElse(null),
                        notes.generation()),
                receiver.map(com.foobar.database.dialect.Receiver::applying).orElse(true),
                new SemiSync(status.semiSync().asSource(), status.semiSync().asReplica()),
                lag(status),
                notes.boot(),
                obeyed);
    }

    /**
     * Of every writer its last, not only the last of all: a node that has what two primaries wrote must not look like one that has only
     * what the second did.
     */
    static GtidPosition applied(NodeStatus status) {
        return GtidPosition.parse(status.history().recorded().text())
                .join(GtidPosition.parse(status.history().replicated().text()))
                .join(GtidPosition.parse(status.history().executed().text()));
    }

    static boolean receives(NodeStatus status) {
        return status.receiver()
                .filter(receiver -> receiver.link() != Link.STOPPED)
                .isPresent();
    }

    private static Receiver.State state(com.foobar.database.dialect.Receiver receiver) {
        return switch (receiver.link()) {
            case RUNNING -> Receiver.State.RUNNING;
            case CONNECTING -> Receiver.State.CONNECTING;
            case STOPPED ->
                receiver.linkFault()
                        .filter(fault -> fault.code() == DIVERGED)
                        .map(fault -> Receiver.State.BROKEN)
                        .orElse(Receiver.State.STOPPED);
        };
    }

    private static @Nullable Duration lag(NodeStatus status) {
        return status.receiver()
                .map(receiver -> receiver.behind().orElse(null))
                .orElse(status.readOnly() ? null : Duration.ZERO);
    }
}
