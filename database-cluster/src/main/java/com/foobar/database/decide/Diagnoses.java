package com.foobar.database.decide;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy;
import java.util.List;
import java.util.function.Predicate;

/** The ordered table: the first row that holds is the diagnosis. */
public final class Diagnoses {

    private record Row(Diagnosis diagnosis, Predicate<Sight> holds) {}

    // The order is the decision: nothing is diagnosed without the lease; what is half done is finished before anything
    // new is
    // begun; a node that answers is judged by its answer; an end that was seen beats a silence that was not.
    private static final List<Row> TABLE = List.of(
            new Row(Diagnosis.QUORUM_LOST, sight -> !sight.leads()),
            new Row(Diagnosis.FAILOVER_UNFINISHED, sight -> sight.record().isClaimed()),
            new Row(Diagnosis.NEVER_FOUNDED, sight -> sight.record().epoch().number() == 0),
            new Row(Diagnosis.PRIMARY_FOREIGN, Diagnoses::primaryIsForeign),
            new Row(Diagnosis.CLOSED, sight -> sight.record().closed()),
            new Row(Diagnosis.PROMOTION_UNFINISHED, sight -> answersReadOnly(sight) && !reigned(sight)),
            new Row(Diagnosis.PRIMARY_READ_ONLY, Diagnoses::answersReadOnly),
            new Row(
                    Diagnosis.TWO_WRITABLE,
                    sight -> sight.inOffice() && !usurpers(sight).isEmpty()),
            new Row(Diagnosis.PRIMARY_FULL, sight -> sight.inOffice() && sight.isFull()),
            new Row(
                    Diagnosis.SOLO,
                    sight -> sight.inOffice() && sight.record().solo().isAlone()),
            new Row(
                    Diagnosis.PRIMARY_ALONE,
                    sight -> sight.inOffice() && sight.attached().isEmpty()),
            new Row(Diagnosis.HEALTHY, Sight::inOffice),
            new Row(Diagnosis.PRIMARY_DEAD, Diagnoses::primaryEnded),
            new Row(Diagnosis.PRIMARY_SUSPECT, sight -> !silentForLong(sight)),
            new Row(Diagnosis.PRIMARY_HUNG, sight -> keeper(sight) != Keeper.SILENT && keeper(sight) != Keeper.STOPPED),
            new Row(
                    Diagnosis.PRIMARY_UNSEEN,
                    sight -> keeper(sight) == Keeper.SILENT && !sight.attached().isEmpty()),
            new Row(Diagnosis.PRIMARY_CUT_OFF, sight -> true));

    private Diagnoses() {}

    public static Finding diagnose(Sight sight) {
        for (Row row : TABLE) {
            if (row.holds().test(sight)) {
                return new Finding(row.diagnosis(), sight);
            }
        }
        throw new IllegalStateException("the last row of the table holds always");
    }

    /** Nodes that take writes and should not. */
    static List<NodeName> usurpers(Sight sight) {
        return sight.view()
                .others(sight.record().primary())
                .filter(seen -> seen.state() != null && !seen.state().readOnly() && !sight.foreign(seen.state()))
                .map(NodeView::name)
                .toList();
    }

    private static boolean primaryIsForeign(Sight sight) {
        NodeState state = sight.primaryState();
        return state != null && sight.foreign(state);
    }

    private static boolean answersReadOnly(Sight sight) {
        NodeState state = sight.primaryState();
        return state != null && !sight.inOffice();
    }

    private static boolean reigned(Sight sight) {
        NodeState state = sight.primaryState();
        return state != null && state.reign().equals(sight.record().epoch());
    }

    /** A reset alone may be one killed connection; with no replica attached any more it is an end. */
    private static boolean primaryEnded(Sight sight) {
        NodeView seen = sight.primaryView();
        return seen != null
                && (Sight.ended(seen)
                        || seen.reach() == Reach.REFUSED
                        || (seen.reach() == Reach.RESET && sight.attached().isEmpty()));
    }

    private static boolean silentForLong(Sight sight) {
        NodeView seen = sight.primaryView();
        Policy policy = sight.policy();
        return seen != null && seen.failingFor(sight.now()).compareTo(policy.suspicion()) >= 0;
    }

    private static Keeper keeper(Sight sight) {
        NodeView seen = sight.primaryView();
        return seen == null ? Keeper.SILENT : seen.keeper();
    }

    static String evidence(Sight sight) {
        NodeView seen = sight.primaryView();
        String primary = seen == null
                ? sight.record().primary() + " was never seen"
                : seen.name() + " " + seen.reach() + ", keeper " + seen.keeper() + ", failing for "
                        + seen.failingFor(sight.now()).toMillis() + " ms";
        return sight.record().epoch() + ", " + primary + ", attached " + sight.attached() + " of ackers "
                + sight.record().ackers().keySet();
    }
}
