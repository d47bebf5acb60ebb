package com.foobar.database.act;

import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Position;
import java.time.Duration;

/** Takes a primary that works out of its place. One that hangs, or has commits that nobody acknowledges, can only be fenced. */
public final class Demotion {

    private Demotion() {}

    /**
     * Lets no more writes in and returns the last position.
     *
     * @param limit how long the commits under way may take
     * @throws NodeFailure of the kind TIMEOUT if they take longer: the session is then of no more use, and writes may be closed or not
     */
    public static Position closeWrites(NodeSession node, Duration limit) throws NodeFailure {
        node.run(node.dialect().closeWrites(), limit);
        return node.status().applied();
    }

    /** Goes back from {@link #closeWrites}: a switchover was given up before anybody else was promoted. */
    public static void reopenWrites(NodeSession node) throws NodeFailure {
        NodeStatus status = node.status();
        if (!status.semiSync().asSource()) {
            throw NodeFailure.of(NodeFailure.Kind.UNFIT, node.at(), "it is not the primary any more");
        }
        node.run(node.dialect().openWrites());
    }

    /**
     * From a primary with closed writes to a node that can rejoin.
     *
     * @throws NodeFailure of the kind UNFIT with a commit that waits for an acknowledgement: switching that off would confirm it
     */
    public static void toReplica(NodeSession node) throws NodeFailure {
        NodeStatus status = node.status();
        if (!status.readOnly() || status.semiSync().waiting() > 0) {
            throw NodeFailure.of(
                    NodeFailure.Kind.UNFIT,
                    node.at(),
                    status.readOnly()
                            ? status.semiSync().waiting()
                                    + " commits wait for an acknowledgement and would be confirmed"
                                    + " without; fence it instead"
                            : "its writes must be closed first");
        }
        node.run(node.dialect().demote());
    }
}
