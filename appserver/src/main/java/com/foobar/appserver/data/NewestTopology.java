package com.foobar.appserver.data;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the newest of what several sources say, whichever order it arrives in. */
final class NewestTopology {

    private static final Logger LOG = LoggerFactory.getLogger(NewestTopology.class);

    /** Names come from outside: not more of them than somebody would read. */
    private static final int MOST_STRANGERS = 16;

    private final String cluster;
    private final List<Consumer<TopologyNews.Heard>> listeners = new CopyOnWriteArrayList<>();
    /** Named in the log already. Under this object's lock. */
    private final Set<String> strangers = new HashSet<>();
    /** Written under this lock, which is also held while listeners are told: they see documents in their order. */
    private volatile TopologyNews.@Nullable Heard newest;

    NewestTopology(String cluster) {
        this.cluster = cluster;
    }

    Optional<TopologyNews.Heard> newest() {
        return Optional.ofNullable(newest);
    }

    synchronized void subscribe(Consumer<TopologyNews.Heard> listener) {
        listeners.add(listener);
        TopologyNews.Heard known = newest;
        if (known != null) {
            listener.accept(known);
        }
    }

    /** Returns whether it was worth anything. */
    synchronized boolean hear(TopologyNews.Heard heard) {
        TopologyNews.Heard known = newest;
        if (!heard.document().cluster().equals(cluster)) {
            warnOf(heard.document().cluster());
            return false;
        }
        if (known != null && !heard.document().isNewerThan(known.document())) {
            // The same document asked for later is good for longer; an older one, even fresh from the wire, is not.
            if (!heard.document().isSameAs(known.document()) || heard.askedAtNanos() - known.askedAtNanos() <= 0) {
                return false;
            }
            heard = new TopologyNews.Heard(known.document(), heard.askedAtNanos());
        }
        newest = heard;
        for (Consumer<TopologyNews.Heard> listener : listeners) {
            listener.accept(heard);
        }
        return true;
    }

    /** Once: its documents come several times a second for as long as nobody mends the addresses. */
    private void warnOf(String stranger) {
        if (strangers.size() < MOST_STRANGERS && strangers.add(stranger)) {
            LOG.warn(
                    "a topology document of the cluster {} came to an application server of {}; neither it nor those that"
                            + " follow are believed. Look at appserver's addresses of the database servers.",
                    stranger,
                    cluster);
        }
    }
}
