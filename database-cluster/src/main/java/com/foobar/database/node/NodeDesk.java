package com.foobar.database.node;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Stamp;
import java.util.concurrent.CompletableFuture;

/** One database node as a coordinator reaches it: its server, and its keeper here or on another machine. */
public interface NodeDesk extends AutoCloseable {

    NodeName name();

    /** Looks now, and never fails: silence is a view too. */
    CompletableFuture<NodeView> look();

    /** Hands an order to the keeper. Its effect is seen by looks; the answer is for the log. Never fails. */
    CompletableFuture<Obeyed> order(Stamp stamp, NodeOrder order);

    /** Runs when something was noticed before the next look would: the end of the process, a connection that broke. */
    void onSignal(Runnable task);

    @Override
    void close();
}
