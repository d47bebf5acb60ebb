package com.foobar.database.coordinator;

import com.foobar.database.decide.Governor;
import com.foobar.database.decide.Sight;
import com.foobar.database.decide.Topologies;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.Term;
import org.jspecify.annotations.Nullable;

/** Keeps the bulletin in step with what is seen. Only the ring's thread comes here. */
final class Publisher {
    private final Bulletin bulletin;
    private @Nullable PublishedTopology last;

    Publisher(Bulletin bulletin) {
        this.bulletin = bulletin;
    }

    Bulletin bulletin() {
        return bulletin;
    }

    void publish(Sight sight, Governor.Turn turn) {
        PublishedTopology now = Topologies.of(sight, turn.next().switchover() != null);
        say(Topologies.patient(last, now, turn.finding(), turn.next().failover() == null), sight.term());
    }

    void publish(Sight sight, boolean parked, Term term) {
        say(Topologies.of(sight, parked), term);
    }

    private void say(PublishedTopology topology, Term term) {
        last = topology;
        bulletin.publish(topology, term);
    }
}
