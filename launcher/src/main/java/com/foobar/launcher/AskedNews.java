package com.foobar.launcher;

import com.foobar.appserver.data.ToldTopology;
import com.foobar.appserver.data.TopologyNews;
import com.foobar.appserver.data.TopologyUnreadable;
import com.foobar.database.node.NewsDesk;
import com.foobar.database.remote.RemoteNews;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is primary, asked of all coordinators at once, those of this process and those behind doors on other machines. Each is asked again
 * and again on its own, so that one that hangs delays nobody; the newest answer counts, whoever gave it.
 */
final class AskedNews implements TopologyNews {
    private static final Logger log = LoggerFactory.getLogger(AskedNews.class);

    /** A third of what a document is believed for, or less: its validity is renewed in time. */
    private static final Duration WAIT = Duration.ofMillis(500);

    /** While nobody leads there is nobody to ask. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final List<? extends NewsDesk> desks;
    private final ToldTopology told;
    private final Time time;
    private volatile boolean closed;

    AskedNews(List<? extends NewsDesk> desks, String cluster, Time time) {
        this.desks = List.copyOf(desks);
        this.told = new ToldTopology(cluster, time);
        this.time = time;
        desks.forEach(this::ask);
    }

    private void ask(NewsDesk desk) {
        if (closed) {
            return;
        }
        long asked = time.nanos();
        Optional<Heard> known = told.newest();
        CompletableFuture<String> answer = desk.newerThan(
                known.map(heard -> heard.document().epoch()).orElse(0L),
                known.map(heard -> heard.document().version()).orElse(0L),
                WAIT);
        // An answer at once is no reason to ask again at once: that would never end, on this very stack.
        boolean atOnce = answer.isDone();
        var unused = answer.whenComplete((document, failure) -> {
            if (failure != null || !hear(document, asked) || atOnce) {
                Time.Timeout unusedTimeout = time.after(PAUSE, () -> ask(desk));
            } else {
                ask(desk);
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
        for (NewsDesk desk : desks) {
            if (desk instanceof RemoteNews far) {
                far.close();
            }
        }
        told.close();
    }
}
