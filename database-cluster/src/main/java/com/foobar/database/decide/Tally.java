package com.foobar.database.decide;

import com.foobar.database.model.Generation;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Position;
import com.foobar.database.model.Vote;
import com.foobar.database.model.Vote.Standing;
import java.util.ArrayList;
import java.util.List;

/**
 * The testimony of the designated ackers. With n acknowledgements needed of k ackers, any k − n + 1 of them include one that
 * received the write; so that many must be sound. For MariaDB, n = 1: all of them.
 *
 * @param enough whether the bound certainly holds every acknowledged write
 * @param bound what a candidate must have
 */
record Tally(List<Vote> votes, boolean enough, Position bound, String reason) {

    Tally {
        votes = List.copyOf(votes);
    }

    static Tally of(Sight sight, Moment since) {
        List<Vote> votes = new ArrayList<>();
        sight.record().ackers().forEach((acker, generation) -> votes.add(vote(sight, acker, generation, since)));
        Position bound = sight.record().floor();
        int sound = 0;
        for (Vote vote : votes) {
            if (vote.standing() == Standing.SOUND && vote.received() != null) {
                bound = bound.join(vote.received());
                sound++;
            }
        }
        if (sight.record().closed()) {
            return new Tally(votes, true, bound, "nothing was acknowledged after the record was closed at the floor");
        }
        if (sight.record().solo().isAlone()) {
            return new Tally(votes, false, bound, "the primary was answering alone: only its own log is a proof");
        }
        int needed = sight.record().ackers().size() - sight.policy().acks() + 1;
        boolean enough = sight.record().ackers().size() >= sight.policy().acks() && sound >= needed;
        return new Tally(
                votes, enough, bound, sound + " of " + votes.size() + " ackers are sound, " + needed + " needed");
    }

    private static Vote vote(Sight sight, NodeName acker, Generation recorded, Moment since) {
        NodeState state = sight.view().state(acker);
        if (state == null) {
            return new Vote(acker, Standing.SILENT, null, "did not answer: it may hold the only copy of a write");
        }
        if (!state.receiver().generation().equals(recorded)) {
            return new Vote(
                    acker,
                    Standing.RESTARTED,
                    state.received(),
                    "its receiver is " + state.receiver().generation() + ", its acknowledgements were given as "
                            + recorded);
        }
        if (!sight.held(acker, since)) {
            return new Vote(
                    acker, Standing.LOOSE, state.received(), "its receiver is not yet seen stopped by " + sight.term());
        }
        return new Vote(acker, Standing.SOUND, state.received(), "stopped, relay log unbroken since " + recorded);
    }

    List<Vote> missing() {
        return votes.stream().filter(vote -> vote.standing() != Standing.SOUND).toList();
    }

    /** Waiting cannot help: nobody who could still come would change the count. */
    boolean hopeless() {
        return !enough
                && votes.stream()
                        .noneMatch(vote -> vote.standing() == Standing.LOOSE || vote.standing() == Standing.SILENT);
    }
}
