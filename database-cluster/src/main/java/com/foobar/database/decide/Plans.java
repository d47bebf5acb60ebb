package com.foobar.database.decide;

import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Plan;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What would be done, without doing it: {@code --dry-run}. */
public final class Plans {

    private Plans() {}

    /** A failover as it would begin from this look; what the receivers hold is known only after they are stopped. */
    public static Plan failover(Sight sight) {
        Tally tally = Tally.of(sight, new Moment(Long.MIN_VALUE / 2));
        List<NodeName> silent = sight.record().ackers().keySet().stream()
                .filter(acker -> sight.view().state(acker) == null)
                .toList();
        List<Step> steps = Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.OVER)
                .map(stage -> new Step(stage.name(), detail(stage, sight), stage == Stage.CROWN))
                .toList();
        boolean provable = sight.record().closed()
                || (!sight.record().solo().isAlone()
                        && silent.size() < sight.policy().acks()
                        && !tally.hopeless());
        Refusal refusal = provable ? null : Proof.refusal(sight, sight.record().primary(), tally);
        return new Plan(
                "failover from " + sight.record().primary() + ", "
                        + sight.record().epoch() + " to "
                        + sight.record().nextEpoch().number(),
                steps,
                refusal);
    }

    private static String detail(Stage stage, Sight sight) {
        return switch (stage) {
            case CLAIM -> stage.sentence() + " (" + sight.record().nextEpoch() + ", " + sight.term() + ")";
            case FENCE -> stage.sentence() + " (" + sight.record().primary() + ")";
            case STOP_RECEIVERS ->
                stage.sentence() + " (must answer: " + sight.record().ackers().keySet() + ")";
            case DRAIN -> stage.sentence() + " (as it looks now: " + Candidates.told(Candidates.forecast(sight)) + ")";
            default -> stage.sentence();
        };
    }

    /** A switchover to the target, or to the best one. */
    public static Plan switchover(Sight sight, @Nullable NodeName wanted) {
        NodeName target = wanted != null ? wanted : bestTarget(sight);
        List<String> objections =
                target == null ? List.of("no replica is attached and recorded") : Switchover.objections(sight, target);
        List<Step> steps = Arrays.stream(Switchover.Stage.values())
                .filter(stage -> stage != Switchover.Stage.BACK && stage != Switchover.Stage.OVER)
                .map(stage -> new Step(stage.name(), stage.sentence(), stage == Switchover.Stage.CROWN))
                .collect(Collectors.toCollection(ArrayList::new));
        steps.add(0, new Step("CHOOSE", choice(sight, wanted), false));
        return new Plan(
                "switchover from " + sight.record().primary() + " to " + target,
                steps,
                objections.isEmpty()
                        ? null
                        : new Refusal("a switchover to " + target, objections, "Nothing would be touched."));
    }

    /** The data of a node replaced by the primary's. */
    public static Plan anew(Sight sight, NodeName node) {
        NodeName primary = sight.record().primary();
        List<String> objections = Replacement.objections(sight, node);
        return new Plan(
                "provision " + node + " anew from " + primary,
                List.of(
                        new Step("STOP_RECEIVER", "it acknowledges nothing any more", false),
                        new Step("RECORD", "it is no acker until it is back", false),
                        new Step("COPY", "stop its server, keep its data aside, load a dump of " + primary, false),
                        new Step("FOLLOW", "record it as an acker and let it follow " + primary, false)),
                objections.isEmpty()
                        ? null
                        : new Refusal("to provision " + node + " anew", objections, "Nothing was touched."));
    }

    private static String choice(Sight sight, @Nullable NodeName wanted) {
        return wanted != null
                ? wanted + " was named"
                : sight.view()
                        .others(sight.record().primary())
                        .map(view -> forOne(sight, view.name()))
                        .collect(Collectors.joining("; "));
    }

    private static String forOne(Sight sight, NodeName node) {
        List<String> objections = Switchover.objections(sight, node);
        return node + ": "
                + (objections.isEmpty()
                        ? "priority " + sight.policy().priority(node)
                        : "not eligible, " + String.join(", ", objections));
    }

    static @Nullable NodeName bestTarget(Sight sight) {
        return sight.view().nodes().keySet().stream()
                .filter(node -> Switchover.objections(sight, node).isEmpty())
                .max(Comparator.comparing((NodeName node) -> sight.policy().priority(node))
                        .thenComparing(Comparator.<NodeName>reverseOrder()))
                .orElse(null);
    }
}
