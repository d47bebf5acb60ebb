package com.foobar.database.remote;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView;
import com.foobar.database.model.Position;
import com.foobar.database.model.Receiver;
import com.foobar.database.model.SemiSync;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.node.LeaseAnswer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PURE. What is said, as members of JSON objects and back. Moments are never said: they mean nothing on another machine. */
final class Wording {

    private Wording() {}

    /** How a node was seen, without when. */
    record Look(NodeView.Reach reach, NodeView.Keeper keeper, @Nullable NodeState state) {}

    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return members;
    }

    static Map<String, Object> of(Stamp stamp) {
        return object("term", stamp.term().number(), "version", stamp.version(), "sequence", stamp.sequence());
    }

    static Stamp stamp(Fields from) throws Rubbish {
        return new Stamp(new Term(from.number("term")), from.number("version"), from.number("sequence"));
    }

    static Map<String, Object> of(NodeOrder order) {
        Map<String, Object> members = object("node", order.node().text());
        if (order instanceof NodeOrder.Fence) {
            members.put("kind", "fence");
        } else if (order instanceof NodeOrder.StopReceiver) {
            members.put("kind", "stop-receiver");
        } else if (order instanceof NodeOrder.Demote) {
            members.put("kind", "demote");
        } else if (order instanceof NodeOrder.Promote promote) {
            members.put("kind", "promote");
            members.put("epoch", promote.epoch().number());
            members.put("boot", promote.boot());
            members.put("at-least", text(promote.atLeast()));
        } else if (order instanceof NodeOrder.Follow follow) {
            members.put("kind", "follow");
            members.put("source", follow.source().text());
            members.put("as", of(follow.as()));
        } else if (order instanceof NodeOrder.Start start) {
            members.put("kind", "start");
            members.put("tail", word(start.tail()));
            members.put("epoch", start.epoch().number());
        } else if (order instanceof NodeOrder.WaitForAcks wait) {
            members.put("kind", "wait-for-acks");
            members.put("needed", wait.needed());
        } else if (order instanceof NodeOrder.Purge purge) {
            members.put("kind", "purge");
            members.put("applied", text(purge.applied()));
            members.put("complete", purge.complete());
        } else if (order instanceof NodeOrder.Reprovision anew) {
            members.put("kind", "reprovision");
            members.put("source", anew.source().text());
        }
        return members;
    }

    static NodeOrder order(Fields from) throws Rubbish {
        NodeName node = name(from, "node");
        String kind = from.text("kind");
        return switch (kind) {
            case "fence" -> new NodeOrder.Fence(node);
            case "stop-receiver" -> new NodeOrder.StopReceiver(node);
            case "demote" -> new NodeOrder.Demote(node);
            case "promote" ->
                new NodeOrder.Promote(node, epoch(from, "epoch"), from.text("boot"), position(from, "at-least"));
            case "follow" -> new NodeOrder.Follow(node, name(from, "source"), generation(from.object("as")));
            case "start" -> new NodeOrder.Start(node, word(Boot.Tail.class, from, "tail"), epoch(from, "epoch"));
            case "wait-for-acks" -> new NodeOrder.WaitForAcks(node, from.bit("needed"));
            case "purge" -> new NodeOrder.Purge(node, position(from, "applied"), from.bit("complete"));
            case "reprovision" -> new NodeOrder.Reprovision(node, name(from, "source"));
            default -> throw new Rubbish("no order " + kind);
        };
    }

    static Map<String, Object> of(NodeView view) {
        Map<String, Object> members = object("reach", word(view.reach()), "keeper", word(view.keeper()));
        if (view.state() != null) {
            members.put("state", of(view.state()));
        }
        return members;
    }

    static Look look(Fields from) throws Rubbish {
        NodeView.Reach reach = word(NodeView.Reach.class, from, "reach");
        NodeState state = from.has("state") ? state(from.object("state")) : null;
        if ((reach == NodeView.Reach.ANSWERED) != (state != null)) {
            throw new Rubbish("a state comes with an answer and only with one");
        }
        return new Look(reach, word(NodeView.Keeper.class, from, "keeper"), state);
    }

    private static Map<String, Object> of(NodeState state) {
        Receiver receiver = state.receiver();
        Map<String, Object> members = object(
                "cluster", state.cluster(),
                "read-only", state.readOnly(),
                "reign", state.reign().number(),
                "applied", text(state.applied()),
                "received", text(state.received()),
                "receiver", word(receiver.state()),
                "generation", of(receiver.generation()),
                "applier-runs", state.applierRuns(),
                "waits", state.semiSync().waits(),
                "acks", state.semiSync().acks(),
                "boot", state.boot().id(),
                "tail", word(state.boot().tail()),
                "obeyed", of(state.obeyed()));
        if (receiver.source() != null) {
            members.put("source", receiver.source().text());
        }
        if (state.lag() != null) {
            members.put("lag-millis", state.lag().toMillis());
        }
        return members;
    }

    private static NodeState state(Fields from) throws Rubbish {
        return new NodeState(
                from.text("cluster"),
                from.bit("read-only"),
                epoch(from, "reign"),
                position(from, "applied"),
                position(from, "received"),
                new Receiver(
                        word(Receiver.State.class, from, "receiver"),
                        from.has("source") ? name(from, "source") : null,
                        generation(from.object("generation"))),
                from.bit("applier-runs"),
                new SemiSync(from.bit("waits"), from.bit("acks")),
                from.has("lag-millis") ? Duration.ofMillis(from.number("lag-millis")) : null,
                new Boot(from.text("boot"), word(Boot.Tail.class, from, "tail")),
                stamp(from.object("obeyed")));
    }

    static Map<String, Object> of(LeaseAnswer answer) {
        if (answer instanceof LeaseAnswer.Granted granted) {
            return object(
                    "lease",
                    "granted",
                    "term",
                    granted.term().number(),
                    "version",
                    granted.version(),
                    "millis",
                    granted.length().toMillis());
        } else if (answer instanceof LeaseAnswer.Barred barred) {
            return object(
                    "lease",
                    "barred",
                    "term",
                    barred.term().number(),
                    "version",
                    barred.version(),
                    "why",
                    barred.why());
        }
        String why = answer instanceof LeaseAnswer.Unanswered unanswered ? unanswered.why() : "";
        return object("lease", "unanswered", "why", why);
    }

    static LeaseAnswer lease(Fields from) throws Rubbish {
        return switch (from.text("lease")) {
            case "granted" ->
                new LeaseAnswer.Granted(
                        new Term(from.number("term")),
                        from.number("version"),
                        Duration.ofMillis(from.number("millis")));
            case "barred" ->
                new LeaseAnswer.Barred(new Term(from.number("term")), from.number("version"), from.text("why"));
            case "unanswered" -> new LeaseAnswer.Unanswered(from.text("why"));
            default -> throw new Rubbish("no answer about a lease");
        };
    }

    static Epoch epoch(Fields from, String member) throws Rubbish {
        return new Epoch(from.number(member));
    }

    static NodeName name(Fields from, String member) throws Rubbish {
        String text = from.text(member);
        try {
            return new NodeName(text);
        } catch (IllegalArgumentException e) {
            throw new Rubbish("no node's name: " + member);
        }
    }

    private static Map<String, Object> of(Generation generation) {
        return object(
                "boot", generation.boot(), "followed", generation.followed().number(), "starts", generation.starts());
    }

    private static Generation generation(Fields from) throws Rubbish {
        return new Generation(from.text("boot"), epoch(from, "followed"), from.number("starts"));
    }

    private static String text(Position position) {
        return position.equals(GtidPosition.EMPTY) ? "" : position.toString();
    }

    private static Position position(Fields from, String member) throws Rubbish {
        String text = from.text(member);
        try {
            return GtidPosition.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Rubbish("no position " + member);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E word(Class<E> type, Fields from, String member) throws Rubbish {
        String text = from.text(member);
        for (E value : type.getEnumConstants()) {
            if (word(value).equals(text)) {
                return value;
            }
        }
        throw new Rubbish("no " + type.getSimpleName() + " " + member);
    }
}
