package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of candidates and the reasons; the bound is 0-1-100. */
class CandidatesTest {
    private static Arguments of(String what, NodeName best, String reason, Consumer<Scene> change) {
        return Arguments.of(what, best, reason, change);
    }

    private static Policy prefers(NodeName node) {
        return gives(node, 10);
    }

    private static Policy gives(NodeName node, int priority) {
        Policy plain = Policy.DEFAULT;
        return new Policy(
                plain.mode(),
                1,
                plain.suspicion(),
                plain.patience(),
                plain.minimumInterval(),
                plain.keeperLease(),
                plain.clockMargin(),
                plain.lagLimit(),
                plain.validity(),
                Map.of(node, priority));
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                of("equal: by name", DB2, "received 0-1-100", scene -> {}),
                of("equal: by priority", DB3, "received 0-1-100", scene -> scene.policy = prefers(DB3)),
                of(
                        "below one is behind those of whom nothing is said",
                        DB3,
                        "received 0-1-100",
                        scene -> scene.policy = gives(DB2, 0)),
                of("above one is before them", DB3, "received 0-1-100", scene -> scene.policy = gives(DB3, 2)),
                of("more received does not help who is never primary", DB3, "received 0-1-100", scene -> {
                    scene.policy = gives(DB2, 0);
                    scene.db2().at("0-1-105");
                }),
                of("more received beats priority", DB2, "received 0-1-105", scene -> {
                    scene.policy = prefers(DB3);
                    scene.db2().at("0-1-105");
                }),
                of("more received beats more applied", DB2, "received 0-1-105, applied 0-1-60", scene -> {
                    scene.db2().received = "0-1-105";
                    scene.db2().applied = "0-1-60";
                }),
                of("the same received: more applied", DB3, "received 0-1-100", scene -> scene.db2().applied = "0-1-60"),
                of("below the bound is none", DB3, "received 0-1-100", scene -> {
                    scene.policy = prefers(DB2);
                    scene.db2().at("0-1-99");
                }),
                of("an applier that stands still never drains", DB3, "received 0-1-100", scene -> {
                    scene.db2().received = "0-1-105";
                    scene.db2().applierRuns = false;
                }),
                of("another cluster's data", DB3, "received 0-1-100", scene -> scene.db2().cluster = "other"),
                of("a node that takes writes", DB3, "received 0-1-100", scene -> scene.db2().readOnly = false),
                of("a silent node", DB3, "received 0-1-100", scene -> scene.db2()
                        .gone(Reach.TIMED_OUT, Keeper.RUNS, 1)),
                of(
                        "the deposed primary, back with more, is last among the eligible",
                        DB2,
                        "received 0-1-100",
                        scene -> {
                            scene.db1().restarted();
                            scene.db1().at("0-1-107");
                        }));
    }

    @Test
    void whoIsNeverPrimaryIsSoWithItsReasonUntilALossIsAccepted() {
        Sight sight = where(scene -> {
                    scene.policy = gives(DB2, 0);
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 1);
                    scene.db2().held();
                    scene.db2().at("0-1-105");
                    scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 1);
                })
                .sight();
        GtidPosition bound = GtidPosition.parse("0-1-100");
        assertThat(Candidates.rank(sight, bound, Scene.millis(9_500), false))
                .noneMatch(Candidates.Candidate::eligible)
                .anyMatch(one -> one.toString().equals("db2: not eligible, " + Candidates.NEVER_PRIMARY));
        assertThat(Candidates.rank(sight, bound, Scene.millis(9_500), true).get(0))
                .matches(Candidates.Candidate::eligible)
                .extracting(Candidates.Candidate::name)
                .isEqualTo(DB2);
    }

    @Test
    void aForecastSaysWhoItWouldBeAndWhyNobodyElse() {
        Sight sight = where(scene -> scene.policy = gives(DB2, 0)).sight();
        assertThat(Candidates.told(Candidates.forecast(sight)))
                .isEqualTo("db3: received 0-1-100, applied 0-1-100, priority 1; db2: not eligible, "
                        + Candidates.NEVER_PRIMARY + "; db1: not eligible, it is the primary");
        assertThat(Plans.failover(sight).toString()).contains("as it looks now: db3: received");
        assertThat(Plans.switchover(sight, null).toString())
                .contains("switchover from db1 to db3", "db2: not eligible, " + Candidates.NEVER_PRIMARY)
                .contains("db3: priority 1");
        assertThat(Plans.switchover(sight, DB2).refusal()).asString().contains(Candidates.NEVER_PRIMARY);
        assertThat(Plans.switchover(sight, new NodeName("db9")).refusal())
                .asString()
                .contains("there is no node db9, there are [db1, db2, db3]");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void bestFirst(String what, NodeName best, String reason, Consumer<Scene> change) {
        Sight sight = where(scene -> {
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 1);
                    scene.db2().held();
                    scene.db3().held();
                    if (what.contains("back")) {
                        scene.db1().reach = Reach.ANSWERED;
                    }
                    change.accept(scene);
                })
                .sight();
        var ranking = Candidates.rank(sight, GtidPosition.parse("0-1-100"), Scene.millis(9_500), false);
        assertThat(ranking.get(0).name()).as("%s", ranking).isEqualTo(best);
        assertThat(ranking.get(0).eligible()).isTrue();
        assertThat(ranking.get(0).reason()).startsWith(reason);
        assertThat(ranking).hasSize(3).allSatisfy(candidate -> assertThat(candidate.reason())
                .isNotBlank());
    }
}
