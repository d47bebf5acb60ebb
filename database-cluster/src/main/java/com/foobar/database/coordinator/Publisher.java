package com.foobar.database.coordinator;

import com.foobar.database.decide.Diagnosis;
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
        Diagnosis diagnosis = turn.finding().diagnosis();
        PublishedTopology now = Topologies.of(sight, turn.next().switchover() != null);
        boolean doubtful = diagnosis == Diagnosis.PRIMARY_SUSPECT || diagnosis == Diagnosis.PRIMARY_UNSEEN;
        if (doubtful && last != null && last.epoch().equals(now.epoch()) && now.primary() == null) {
            // One look without an answer is no reason to send every writer away: its connections judge for themselves.
            now = new PublishedTopology(
                    now.epoch(), now.version(), last.primary(), now.replicas(), now.parked(), now.validity());
        }
        say(now, sight.term());
    }

    void publish(Sight sight, boolean parked, Term term) {
        say(Topologies.of(sight, parked), term);
    }

    private void say(PublishedTopology topology, Term term) {
        last = topology;
        bulletin.publish(topology, term);
    }
}
