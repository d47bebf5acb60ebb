package com.foobar.database.coordinator;

import com.foobar.database.decide.Governor;
import com.foobar.database.decide.NodeOrder;
import com.foobar.database.decide.Plans;
import com.foobar.database.decide.Sight;
import com.foobar.database.decide.Wish;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Plan;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Step;
import com.foobar.database.node.Obeyed;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What an operator asked for, until it has its reply. Only the ring's thread comes here; the reply may be waited for anywhere. */
final class Petition {

    /** What was asked for. */
    sealed interface Request {
        record Switchover(@Nullable NodeName to) implements Request {}

        /** With the sentence that accepts a loss; empty when none is accepted. */
        record Failover(String typed) implements Request {}

        /** A node shall follow the primary again, or for the first time: repairs do it, this waits for them. */
        record Rejoin(NodeName node) implements Request {}

        /** A replica's data shall be replaced by the primary's. */
        record Anew(NodeName node) implements Request {}

        record Maintenance(boolean on) implements Request {}
    }

    private final Request request;
    private final Moment until;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private @Nullable Epoch before;
    private boolean begun;
    /** Of the life whose data are to be replaced. */
    private String boot = "";

    private String kept = "";
    private @Nullable Refusal refusal;

    Petition(Request request, Moment until) {
        this.request = request;
        this.until = until;
    }

    CompletableFuture<Reply> reply() {
        return reply;
    }

    Request request() {
        return request;
    }

    boolean isOver() {
        return reply.isDone();
    }

    void answer(Reply answer) {
        boolean unused = reply.complete(answer);
    }

    /** What the decision is told of it: a switchover is begun once, a failover is wanted until it has happened. */
    @Nullable
    Wish wish() {
        if (isOver()) {
            return null;
        }
        if (request instanceof Request.Switchover wanted) {
            return begun ? null : new Wish.Switchover(wanted.to());
        }
        if (request instanceof Request.Failover wanted) {
            return wanted.typed().isEmpty() ? new Wish.Failover() : new Wish.AcceptLoss(wanted.typed());
        }
        if (request instanceof Request.Anew wanted) {
            return new Wish.Anew(wanted.node(), boot);
        }
        return null;
    }

    /** What would be done, from this look. */
    static Plan plan(Request request, Sight sight) {
        ClusterRecord record = sight.record();
        if (request instanceof Request.Switchover wanted) {
            return Plans.switchover(sight, wanted.to());
        }
        if (request instanceof Request.Failover) {
            return Plans.failover(sight);
        }
        if (request instanceof Request.Maintenance wanted) {
            String what = wanted.on()
                    ? "no failover and no repair is begun until it is over; what was begun is finished"
                    : "failovers and repairs are begun again";
            return new Plan("maintenance", List.of(new Step("WRITE", what, false)), null);
        }
        if (request instanceof Request.Anew wanted) {
            return Plans.anew(sight, wanted.node());
        }
        NodeName node = ((Request.Rejoin) request).node();
        return new Plan(
                "bring " + node + " to follow " + record.primary(),
                List.of(
                        new Step("START", "start its server where it has ended, read-only", false),
                        new Step("STOP_RECEIVER", "make it obey " + sight.term() + " and look at its position", false),
                        new Step(
                                "CLEAN",
                                "where it holds what " + record.primary()
                                        + " lacks: cut its tail, or keep its data aside and copy the primary's",
                                false),
                        new Step("RECORD", "write it into the record as an acker", false),
                        new Step("FOLLOW", "let it follow " + record.primary(), false)),
                objection(request, sight));
    }

    /** Why it must not even be begun; null when it may. */
    static @Nullable Refusal objection(Request request, Sight sight) {
        ClusterRecord record = sight.record();
        if (request instanceof Request.Failover wanted && !wanted.typed().isEmpty()) {
            String sentence = Wish.AcceptLoss.sentenceFor(record.cluster());
            return wanted.typed().equals(sentence)
                    ? null
                    : new Refusal("a failover with loss", List.of("another sentence was typed"), "Type: " + sentence);
        }
        if (request instanceof Request.Failover) {
            return Plans.failover(sight).refusal();
        }
        if (request instanceof Request.Anew wanted) {
            return Plans.anew(sight, wanted.node()).refusal();
        }
        if (request instanceof Request.Rejoin wanted) {
            String why = "";
            if (!sight.view().nodes().containsKey(wanted.node())) {
                why = wanted.node() + " is not configured: it has "
                        + sight.view().nodes().keySet();
            } else if (wanted.node().equals(record.primary())) {
                why = wanted.node() + " is the primary";
            } else if (record.maintenance()) {
                why = "nothing is repaired during maintenance";
            }
            return why.isEmpty()
                    ? null
                    : new Refusal("to rejoin " + wanted.node(), List.of(why), "Nothing was touched.");
        }
        return null;
    }

    /** Before the first turn that knows of it. */
    void begin(Sight sight) {
        if (request instanceof Request.Anew wanted) {
            boot = boot(sight, wanted.node());
        }
    }

    private String boot(Sight sight, NodeName node) {
        NodeState state = sight.view().state(node);
        return state == null ? boot : state.boot().id();
    }

    /** What a keeper said to an order: a copy that failed is not tried again without being asked. */
    void heard(NodeOrder order, Obeyed obeyed) {
        if (request instanceof Request.Anew wanted
                && order instanceof NodeOrder.Reprovision
                && order.node().equals(wanted.node())) {
            if (obeyed.done()) {
                kept = "; " + obeyed.detail();
            } else if (!obeyed.isPassing()) {
                answer(Reply.refused(wanted.node() + " was not provisioned anew: " + obeyed.detail()));
            }
        }
    }

    private void replacing(Sight sight, Governor.Turn turn, NodeName node) {
        if (!begun) {
            boot = boot(sight, node);
            begun = turn.actions().stream()
                    .anyMatch(action -> action instanceof NodeOrder.Reprovision order
                            && order.node().equals(node));
        } else if (!boot.equals(boot(sight, node))
                && follows(sight.record(), sight.view().state(node), node)) {
            answer(Reply.done(
                    node + " was provisioned anew and follows " + sight.record().primary() + kept));
        }
    }

    /** After each turn: whether it has come to an end. */
    void judge(Sight sight, Governor.Turn turn) {
        ClusterRecord record = sight.record();
        before = before == null ? record.epoch() : before;
        refusal = turn.refusal() == null ? refusal : turn.refusal();
        if (request instanceof Request.Maintenance wanted) {
            if (record.maintenance() == wanted.on()) {
                answer(Reply.done("maintenance is " + (wanted.on() ? "on" : "off")));
            }
        } else if (request instanceof Request.Anew wanted) {
            replacing(sight, turn, wanted.node());
        } else if (request instanceof Request.Rejoin wanted) {
            if (follows(record, sight.view().state(wanted.node()), wanted.node())) {
                answer(Reply.done(wanted.node() + " follows " + record.primary() + " and acknowledges its writes"));
            }
        } else if (record.epoch().isAfter(before) && inOffice(sight)) {
            answer(Reply.done(record.primary() + " is primary in " + record.epoch()));
        } else if (request instanceof Request.Switchover) {
            switching(turn);
        }
        if (!isOver() && until.isBefore(sight.now())) {
            answer(Reply.refused("not done in time" + (refusal == null ? "" : "; " + refusal)
                    + ". What was begun goes on: see status"));
        }
    }

    private void switching(Governor.Turn turn) {
        if (turn.next().switchover() != null) {
            begun = true;
        } else if (begun || refusal != null) {
            answer(Reply.refused(refusal == null ? "the switchover was overtaken by a failover" : refusal.toString()));
        }
    }

    private static boolean inOffice(Sight sight) {
        NodeState state = sight.view().state(sight.record().primary());
        return state != null
                && !state.readOnly()
                && state.reign().equals(sight.record().epoch());
    }

    private static boolean follows(ClusterRecord record, @Nullable NodeState state, NodeName node) {
        return state != null
                && state.receiver().state() == State.RUNNING
                && state.receiver().isFrom(record.primary())
                && Objects.equals(record.ackers().get(node), state.receiver().generation());
    }
}
