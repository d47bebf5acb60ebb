package com.foobar.appserver.data;

import com.foobar.kernel.time.Time;
import java.util.Optional;
import java.util.function.Consumer;

/** News inside one process: the launcher hands on what the cluster in it publishes. */
public final class ToldTopology implements TopologyNews {

    private final NewestTopology newest;
    private final Time time;

    public ToldTopology(String cluster, Time time) {
        this.newest = new NewestTopology(cluster);
        this.time = time;
    }

    /** A document that was true at this moment. */
    public void accept(String json) throws TopologyUnreadable {
        accept(json, time.nanos());
    }

    /** A document that was true at that moment of the monotonic clock. */
    public void accept(String json, long asOfNanos) throws TopologyUnreadable {
        boolean unused = newest.hear(new Heard(TopologyDocument.parse(json), asOfNanos));
    }

    @Override
    public Optional<Heard> newest() {
        return newest.newest();
    }

    @Override
    public void subscribe(Consumer<Heard> listener) {
        newest.subscribe(listener);
    }

    @Override
    public void askAgain() {
        // Whoever tells does so at once.
    }

    @Override
    public void close() {}
}
