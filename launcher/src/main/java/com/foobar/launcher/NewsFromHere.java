package com.foobar.launcher;

import com.foobar.appserver.data.ToldTopology;
import com.foobar.appserver.data.TopologyNews;
import com.foobar.appserver.data.TopologyUnreadable;
import com.foobar.database.Cluster;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is primary, told to the application servers by the coordinators of the same process: the same document, without a socket. */
final class NewsFromHere implements TopologyNews {
    private static final Logger log = LoggerFactory.getLogger(NewsFromHere.class);

    /** A third of what a document is believed for, or less: its validity is renewed in time. */
    private static final Duration WAIT = Duration.ofMillis(500);

    /** While nobody leads there is nobody to ask. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Cluster cluster;
    private final ToldTopology told;
    private final Time time;
    private volatile boolean closed;

    NewsFromHere(Cluster cluster, String name, Time time) {
        this.cluster = cluster;
        this.told = new ToldTopology(name, time);
        this.time = time;
        ask();
    }

    private void ask() {
        if (closed) {
            return;
        }
        long asked = time.nanos();
        Optional<Heard> known = told.newest();
        CompletableFuture<String> answer = cluster.topologyNewerThan(
                known.map(heard -> heard.document().epoch()).orElse(0L),
                known.map(heard -> heard.document().version()).orElse(0L),
                WAIT);
        // An answer at once is no reason to ask again at once: that would never end, on this very stack.
        boolean atOnce = answer.isDone();
        var unused = answer.whenComplete((document, failure) -> {
            if (failure != null || !hear(document, asked) || atOnce) {
                Time.Timeout unusedTimeout = time.after(PAUSE, this::ask);
            } else {
                ask();
            }
        });
    }

    private boolean hear(String document, long asked) {
        try {
            told.accept(document, asked);
            return true;
        } catch (TopologyUnreadable e) {
            log.error("the coordinator's own document cannot be read: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public Optional<Heard> newest() {
        return told.newest();
    }

    @Override
    public void subscribe(Consumer<Heard> listener) {
        told.subscribe(listener);
    }

    @Override
    public void askAgain() {
        // News are told as soon as there are any.
    }

    @Override
    public void close() {
        closed = true;
        told.close();
    }
}
