package com.foobar.database.remote;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Stamp;
import com.foobar.database.node.NodeDesk;
import com.foobar.database.node.Obeyed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A node that answers what the test says, and keeps what it was told. */
final class HandNode implements NodeDesk {
    private final NodeName name = new NodeName("db1");
    final List<NodeOrder> orders = new CopyOnWriteArrayList<>();
    final List<Stamp> stamps = new CopyOnWriteArrayList<>();
    final List<Runnable> signals = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletableFuture<NodeView>> view = CompletableFuture::new;

    @Override
    public NodeName name() {
        return name;
    }

    @Override
    public CompletableFuture<NodeView> look() {
        return view.get();
    }

    @Override
    public CompletableFuture<Obeyed> order(Stamp stamp, NodeOrder order) {
        stamps.add(stamp);
        orders.add(order);
        return CompletableFuture.completedFuture(new Obeyed(true, "did " + order));
    }

    @Override
    public void onSignal(Runnable task) {
        signals.add(task);
    }

    @Override
    public void close() {
        signals.clear();
    }
}
