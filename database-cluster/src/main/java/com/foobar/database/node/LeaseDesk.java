package com.foobar.database.node;

import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where a keeper renews its lease: the coordinator that leads, wherever that is. */
public interface LeaseDesk {

    /**
     * Asks for another span, counted from before the question. Never fails: no answer is no lease.
     *
     * @param reign the epoch in which the node's server was promoted, when it takes writes; else null
     */
    CompletableFuture<LeaseAnswer> renew(NodeName node, @Nullable Epoch reign);
}
