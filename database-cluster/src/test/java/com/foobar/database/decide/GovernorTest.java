package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Term;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Precedence: what pre-empts what, what is held back and what never is. */
class GovernorTest {
    private static Governor.Turn turn(Consumer<Scene> change) {
        return Governor.fresh(Scene.TERM).turn(where(change).sight());
    }

    private static Governor crownedAt(Moment when) {
        return new Governor(Scene.TERM, null, null, Memory.NONE, when, null, null);
    }

    private static void hung(Scene scene, long millis) {
        scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, millis);
    }

    private static ClusterRecord written(Governor.Turn turn) {
        assertThat(turn.actions()).hasAtLeastOneElementOfType(Action.Write.class);
        return turn.actions().stream()
                .filter(Action.Write.class::isInstance)
                .map(action -> ((Action.Write) action).next())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutTheLeaseNothingIsDone() {
        Governor.Turn turn = turn(scene -> {
            scene.leads = false;
            scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 5_000);
        });
        assertThat(turn.actions()).isEmpty();
        assertThat(turn.finding().diagnosis()).isEqualTo(Diagnosis.QUORUM_LOST);
    }

    @Test
    void aDeathIsActedOnAtOnceEvenRightAfterAFailover() {
        Sight dead = where(scene -> scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 0))
                .sight();
        assertThat(written(Governor.fresh(Scene.TERM).turn(dead)).isClaimed()).isTrue();
        assertThat(written(crownedAt(Scene.millis(10_050)).turn(dead)).isClaimed())
                .as("damping never holds back hard evidence")
                .isTrue();
    }

    @Test
    void silenceMustLastLongerSoonAfterAFailoverButNotForEver() {
        Sight silent = where(scene -> hung(scene, 300)).sight();
        assertThat(written(Governor.fresh(Scene.TERM).turn(silent)).isClaimed()).isTrue();
        Governor.Turn damped = crownedAt(Scene.millis(9_000)).turn(silent);
        assertThat(damped.actions()).isEmpty();
        assertThat(damped.refusal()).asString().contains("less than 30 s ago", "2000 ms");
        Sight longer = where(scene -> hung(scene, 2_000)).sight();
        assertThat(written(crownedAt(Scene.millis(9_000)).turn(longer)).isClaimed())
                .isTrue();
        assertThat(written(crownedAt(Scene.millis(10_100).plus(Duration.ofSeconds(-31)))
                                .turn(silent))
                        .isClaimed())
                .as("a calm interval ends the damping")
                .isTrue();
    }

    @Test
    void aSilentPrimaryIsNotKilledWhileNothingCouldBeProven() {
        Consumer<Scene> both = scene -> {
            hung(scene, 300);
            scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 300);
        };
        assertThat(turn(both).actions()).isEmpty();
        assertThat(turn(both).refusal()).asString().contains("[db2]", "1250 ms");
        assertThat(written(turn(both.andThen(scene -> hung(scene, 1_250)))).isClaimed())
                .isTrue();
    }

    @Test
    void aPrimaryThatOnlyWeCannotSeeIsLeftAlone() {
        assertThat(turn(scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 60_000))
                        .actions())
                .isEmpty();
    }

    @Test
    void inMaintenanceNothingHappensByItself() {
        Consumer<Scene> maintained = scene -> {
            scene.record = record -> record.inMaintenance(true);
            scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 5_000);
        };
        assertThat(turn(maintained).actions()).isEmpty();
        assertThat(turn(maintained.andThen(scene -> scene.wish = new Wish.Failover()))
                        .actions())
                .isNotEmpty();
    }

    @Test
    void anUnfinishedFailoverIsClaimedAnewByANewTerm() {
        ClusterRecord next = written(turn(scene -> scene.record = record -> record.claimed(new Term(6))));
        assertThat(next.claim()).isNotNull().extracting("term").isEqualTo(Scene.TERM);
    }

    @Test
    void anUnfinishedPromotionIsFinishedNotRepeated() {
        Governor.Turn turn = turn(scene -> {
            scene.db1().readOnly = true;
            scene.db1().reign = new com.foobar.database.model.Epoch(2);
        });
        assertThat(turn.actions())
                .containsExactly(new NodeOrder.Promote(DB1, Scene.THREE, "db1-a", GtidPosition.parse("0-1-50")));
    }

    @Test
    void aRestartedPrimaryIsReopenedInItsOwnEpoch() {
        assertThat(written(turn(scene -> {
                            scene.db1().restarted();
                            scene.db1().boot = new com.foobar.database.model.Boot(
                                    "cut", com.foobar.database.model.Boot.Tail.TRUNCATED);
                        }))
                        .isClaimed())
                .as("its log is no proof when its tail was cut off")
                .isTrue();
        assertThat(turn(scene -> {
                            scene.db1().restarted();
                            scene.db1().reign = Scene.THREE;
                            scene.db1().at("0-1-120");
                        })
                        .actions())
                .containsExactly(new NodeOrder.Promote(DB1, Scene.THREE, "db1-a'", GtidPosition.parse("0-1-50")));
    }

    @Test
    void atColdStartWithThePrimaryGoneAClosedRecordNeedsNoVotes() {
        Consumer<Scene> closed = scene -> {
            scene.record = record -> record.closedAt(GtidPosition.parse("0-1-100"));
            scene.db2().restarted();
            scene.db3().restarted();
        };
        assertThat(written(turn(closed.andThen(scene -> scene.db1().readOnly = true)))
                        .closed())
                .as("the primary answers: it is reopened")
                .isFalse();
        assertThat(written(turn(closed.andThen(scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 300))))
                        .isClaimed())
                .isTrue();
    }

    @Test
    void aFailoverPreEmptsASwitchoverAndRepairsNeverHoldItBack() {
        Switchover running = Switchover.begin(where(scene -> {}).sight(), DB2);
        Governor governor = new Governor(Scene.TERM, null, running, Memory.NONE, null, null, null);
        Sight dead = where(scene -> {
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 0);
                    scene.db3().held();
                })
                .sight();
        assertThat(written(governor.turn(dead)).isClaimed()).isTrue();
    }

    @Test
    void aSwitchoverParksClosesCatchesUpAndCrowns() {
        Governor.Turn parked = turn(scene -> scene.wish = new Wish.Switchover(DB2));
        assertThat(parked.actions()).first().isInstanceOfSatisfying(Action.Publish.class, publish -> assertThat(
                        publish.topology().parked())
                .isTrue());
        Governor.Turn asked = parked.next().turn(where(scene -> {}).sight());
        assertThat(asked.actions()).containsExactly(new NodeOrder.Demote(DB1));
        Governor.Turn demoted =
                asked.next().turn(where(scene -> scene.db1().readOnly = true).sight());
        assertThat(demoted.actions()).as("its last position is asked for anew").containsExactly(new Action.Look());
        Consumer<Scene> after = scene -> {
            scene.db1().readOnly = true;
            scene.db1().askedMillis = 10_100;
            scene.nowMillis = 10_110;
        };
        ClusterRecord closed = written(demoted.next().turn(where(after).sight()));
        assertThat(closed.closed()).isTrue();
        Consumer<Scene> held = after.andThen(scene -> {
            scene.record = record -> closed;
            for (Scene.Node node : List.of(scene.db1(), scene.db2(), scene.db3())) {
                node.receiver = State.STOPPED;
                node.askedMillis = 10_105;
            }
        });
        ClusterRecord crowned = written(demoted.next()
                .turn(where(after).sight())
                .next()
                .turn(where(held).sight()));
        assertThat(crowned.primary()).isEqualTo(DB2);
        assertThat(crowned.ackers()).containsOnlyKeys(DB1, DB3);
    }

    @Test
    void aSwitchoverThatIsTooSlowGoesBackAndSaysWhy() {
        Switchover slow =
                Switchover.begin(where(scene -> scene.nowMillis = 8_000).sight(), DB2);
        Governor governor = new Governor(Scene.TERM, null, slow, Memory.NONE, null, null, null);
        Governor.Turn turn =
                governor.turn(where(scene -> scene.db1().readOnly = true).sight());
        assertThat(turn.refusal()).asString().contains("stage PARK", "2100 ms", "takes writes again");
        assertThat(turn.actions()).hasOnlyElementsOfType(NodeOrder.Promote.class);
    }

    @Test
    void anUnfitTargetIsRefusedAndNothingIsTouched() {
        Governor.Turn turn = turn(scene -> {
            scene.db3().lag = Duration.ofSeconds(9);
            scene.wish = new Wish.Switchover(DB3);
        });
        assertThat(turn.refusal()).asString().contains("db3 lags by PT9S");
        assertThat(turn.actions()).isEmpty();
    }

    @Test
    void aPlanIsPrintedWithItsPointOfNoReturnOrItsRefusal() {
        assertThat(Plans.failover(where(scene -> {}).sight()).toString())
                .contains("failover from db1, epoch 3 to 4", "1. CLAIM", "must answer: [db2, db3]")
                .containsPattern("7\\. CROWN.*point of no return");
        assertThat(Plans.failover(where(scene -> scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 1))
                                .sight())
                        .toString())
                .contains("refused: a failover from db1", "db2 SILENT");
        assertThat(Plans.switchover(where(scene -> {}).sight(), null).toString())
                .contains("switchover from db1 to db2");
    }
}
