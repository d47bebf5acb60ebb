package com.foobar.database.decide;

import com.foobar.database.model.Certificate;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Vote;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Certificates and refusals: the sentence from which "no acknowledged write is lost" follows, or the reasons why none can be had. */
final class Proof {

    private Proof() {}

    static Certificate byVotes(
            Sight sight,
            NodeName deposed,
            Candidates.Candidate winner,
            Tally tally,
            List<Candidates.Candidate> ranking,
            Moment since) {
        NodeState state = java.util.Objects.requireNonNull(sight.view().state(winner.name()));
        boolean proven = tally.enough() && state.applied().covers(tally.bound());
        String sentence = proven
                ? "Every acknowledged write is at or before " + tally.bound() + " (" + tally.reason()
                        + "; no acker can acknowledge any more), and " + winner.name() + " has applied "
                        + state.applied()
                        + ", which covers it: no acknowledged write is lost."
                : "NOT PROVEN, promoted under a typed override: " + tally.reason() + "; " + winner.name()
                        + " has the most of what is left, " + state.applied() + ".";
        return certificate(
                sight,
                deposed,
                winner.name(),
                tally,
                ranking.stream().map(Candidates.Candidate::toString).toList(),
                since,
                proven,
                sentence);
    }

    static Certificate byOwnLog(Sight sight, NodeName deposed, Tally tally, Moment since) {
        NodeState state = java.util.Objects.requireNonNull(sight.view().state(deposed));
        String sentence = deposed + " was the only node that could acknowledge writes in "
                + sight.record().epoch()
                + ", wrote each to its log before, and has come back with its log whole at " + state.applied()
                + ": no acknowledged write is lost.";
        List<String> ranking = List.of(deposed + ": own log; others could not be proven: " + tally.reason());
        return certificate(sight, deposed, deposed, tally, ranking, since, true, sentence);
    }

    private static Certificate certificate(
            Sight sight,
            NodeName deposed,
            NodeName promoted,
            Tally tally,
            List<String> ranking,
            Moment since,
            boolean proven,
            String sentence) {
        NodeState state = java.util.Objects.requireNonNull(sight.view().state(promoted));
        var claim = java.util.Objects.requireNonNull(sight.record().claim(), "a certificate is for a claimed epoch");
        return new Certificate(
                claim.epoch(),
                sight.term(),
                deposed,
                promoted,
                tally.votes(),
                tally.bound(),
                state.applied(),
                ranking,
                sight.view().nodes().values().stream()
                        .filter(view -> !view.isAnswered())
                        .map(NodeView::name)
                        .toList(),
                Fencing.proof(sight, deposed, since),
                proven,
                sentence);
    }

    /**
     * Who may acknowledge in the new epoch, written before anybody does. Those that are held: with the generation that their next
     * start will have. The others could be attached, or attach by themselves, to whoever is crowned (a receiver set up in an
     * earlier reign): they stay, as what they were or as unknown, until {@link Repairs} has made sure that they are not. Left out
     * are those that cannot be attached: the deposed one is fenced and fetches from nobody; who is barred and no acker was taken
     * out after its lease had lapsed; an ended server starts with its receiver stopped.
     */
    static Map<NodeName, Generation> newAckers(
            Sight sight, NodeName deposed, NodeName king, Epoch epoch, Moment since) {
        NodeState crowned = java.util.Objects.requireNonNull(sight.view().state(king));
        Map<NodeName, Generation> ackers = new TreeMap<>();
        for (NodeView view : sight.view().nodes().values()) {
            NodeName node = view.name();
            NodeState state = view.state();
            if (node.equals(king)) {
                continue;
            }
            if (state != null && sight.held(node, since)) {
                if (crowned.applied().covers(state.applied())) {
                    ackers.put(
                            node,
                            state.receiver().generation().next(state.boot().id(), epoch));
                }
            } else if (!node.equals(deposed) && !Sight.ended(view) && !gone(sight, node)) {
                ackers.put(node, sight.record().ackers().getOrDefault(node, Generation.UNKNOWN));
            }
        }
        return ackers;
    }

    private static boolean gone(Sight sight, NodeName node) {
        return sight.record().barred().contains(node)
                && !sight.record().ackers().containsKey(node);
    }

    static Refusal refusal(Sight sight, NodeName deposed, Tally tally) {
        List<String> reasons = Stream.concat(
                        Stream.of(tally.reason()), tally.missing().stream().map(Vote::toString))
                .toList();
        return new Refusal(
                "a failover from " + deposed,
                reasons,
                "Bring back one of them, or " + deposed + " itself: its own log is a proof; or type \""
                        + Wish.AcceptLoss.sentenceFor(sight.record().cluster()) + "\".");
    }

    static Refusal nobody(Sight sight, NodeName deposed, List<Candidates.Candidate> ranking) {
        return new Refusal(
                "a failover from " + deposed,
                ranking.stream().map(Candidates.Candidate::toString).toList(),
                "Bring back a node that holds all of it; or type \""
                        + Wish.AcceptLoss.sentenceFor(sight.record().cluster()) + "\".");
    }
}
