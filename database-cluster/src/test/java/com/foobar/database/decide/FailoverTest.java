package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Certificate;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each stage: what it waits for, what it does meanwhile, where it goes. */
class FailoverTest {
    private static final long CLAIMED_AT = 9_000;

    /** The primary is dead and claimed, everybody held since the claim. */
    private static Scene dead(Consumer<Scene> change) {
        return where(scene -> {
            scene.record = record -> record.claimed(Scene.TERM);
            scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 500);
            scene.db2().held();
            scene.db3().held();
            change.accept(scene);
        });
    }

    private static Failover at(Stage stage) {
        return new Failover(
                stage,
                DB1,
                Scene.millis(CLAIMED_AT),
                Scene.millis(CLAIMED_AT),
                Scene.millis(CLAIMED_AT),
                null,
                null,
                null);
    }

    /** Turns until the machine wants something done or stays. */
    private static Failover.Turn run(Failover from, Sight sight) {
        Failover.Turn turn = from.turn(sight);
        while (turn.actions().isEmpty()
                && turn.next().stage() != from.stage()
                && turn.next().stage() != Stage.OVER) {
            from = turn.next();
            turn = from.turn(sight);
        }
        return turn;
    }

    private static ClusterRecord written(Failover.Turn turn) {
        assertThat(turn.actions()).hasSize(1).first().isInstanceOf(Action.Write.class);
        return ((Action.Write) turn.actions().get(0)).next();
    }

    private static Certificate proof(Failover.Turn turn) {
        return Objects.requireNonNull(turn.next().chosen());
    }

    @Test
    void firstOfAllTheEpochIsClaimed() {
        Sight sight = where(scene -> scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 1))
                .sight();
        ClusterRecord next = written(Failover.begin(sight).turn(sight));
        assertThat(Objects.requireNonNull(next.claim()).epoch()).isEqualTo(new Epoch(4));
        assertThat(next.barred()).containsExactly(DB1);
        assertThat(next.epoch()).as("nobody is crowned by a claim").isEqualTo(Scene.THREE);
    }

    @Test
    void aNewCoordinatorClaimsAnewInsteadOfTrustingTheOldClaim() {
        Sight sight = dead(scene -> scene.record = record -> record.claimed(new com.foobar.database.model.Term(6)))
                .sight();
        assertThat(Objects.requireNonNull(
                                written(Failover.begin(sight).turn(sight)).claim())
                        .epoch())
                .isEqualTo(new Epoch(5));
    }

    @Test
    void aPrimaryThatAnswersAgainWhenItsClaimIsWrittenReignsOn() {
        Sight sight = where(scene -> scene.record = record -> record.claimed(Scene.TERM))
                .sight();
        Failover.Turn turn = Failover.begin(sight).turn(sight);
        ClusterRecord next = written(turn);
        assertThat(next.claim()).isNull();
        assertThat(next.barred()).isEmpty();
        assertThat(next.epoch()).isEqualTo(Scene.THREE);
        assertThat(turn.next().stage()).isEqualTo(Stage.OVER);
    }

    @Test
    void onceItWasToldToDieOrWhereSomebodyAskedForItNothingIsTakenBack() {
        Sight told = where(scene -> {
                    scene.record = record -> record.claimed(Scene.TERM);
                    scene.nowMillis = CLAIMED_AT + 100;
                })
                .sight();
        assertThat(at(Stage.FENCE).turn(told).actions()).containsExactly(new NodeOrder.Fence(DB1));
        Sight asked = where(scene -> {
                    scene.record = record -> record.claimed(Scene.TERM);
                    scene.wish = new Wish.Failover();
                })
                .sight();
        assertThat(run(Failover.begin(asked), asked).actions()).containsExactly(new NodeOrder.Fence(DB1));
    }

    @Test
    void aHungPrimaryIsKilledBeforeItsReceiversAreStopped() {
        Sight sight = dead(scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 500))
                .sight();
        Failover.Turn turn =
                run(new Failover(Stage.FENCE, DB1, sight.now(), sight.now(), null, null, null, null), sight);
        assertThat(turn.actions()).containsExactly(new NodeOrder.Fence(DB1));
        assertThat(turn.next().stage()).isEqualTo(Stage.FENCE);
    }

    @Test
    void withoutAKeeperTheLeaseMustRunOutAndMeanwhileReceiversAreStopped() {
        Sight early = dead(scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 500);
                    scene.db2().receiver = com.foobar.database.model.Receiver.State.CONNECTING;
                    scene.nowMillis = CLAIMED_AT + 1_099;
                })
                .sight();
        assertThat(at(Stage.FENCE).turn(early).actions())
                .containsExactly(new NodeOrder.Fence(DB1), new NodeOrder.StopReceiver(DB2));
        Sight late = dead(scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 500);
                    scene.nowMillis = CLAIMED_AT + 1_100;
                })
                .sight();
        assertThat(at(Stage.FENCE).turn(late).next().stage()).isEqualTo(Stage.STOP_RECEIVERS);
        assertThat(Fencing.proof(late, DB1, Scene.millis(CLAIMED_AT))).contains("lease ran out");
    }

    @Test
    void positionsCountOnlyWhenAskedAfterTheReceiversStopped() {
        Failover stopped = new Failover(
                Stage.SNAPSHOT,
                DB1,
                Scene.millis(CLAIMED_AT),
                Scene.millis(CLAIMED_AT),
                Scene.millis(10_001),
                null,
                null,
                null);
        assertThat(run(stopped, dead(scene -> {}).sight()).actions()).containsExactly(new Action.Look());
        Sight anew = dead(scene -> List.of(scene.db2(), scene.db3()).forEach(node -> node.askedMillis = 10_001))
                .sight();
        assertThat(run(stopped, anew).actions()).containsExactly(new Action.ConfirmLease());
    }

    @Test
    void itNeverPromotesBeforeTheRelayLogIsApplied() {
        Consumer<Scene> undrained = scene -> {
            scene.db2().received = "0-1-110";
            scene.nowMillis = 10_000_000;
        };
        Failover.Turn turn = run(at(Stage.DRAIN), dead(undrained).sight());
        assertThat(turn.next().stage()).as("however long it takes").isEqualTo(Stage.DRAIN);
        assertThat(turn.actions()).containsExactly(new Action.Look());
        Failover.Turn drained =
                run(at(Stage.DRAIN), dead(scene -> scene.db2().at("0-1-110")).sight());
        assertThat(proof(drained).promoted()).isEqualTo(DB2);
    }

    @Test
    void anotherWithTheSameReceivedThatHasAppliedItSparesTheWait() {
        Failover.Turn turn = run(
                at(Stage.DRAIN), dead(scene -> scene.db2().applied = "0-1-60").sight());
        assertThat(proof(turn).promoted()).isEqualTo(DB3);
        assertThat(proof(turn).proven()).isTrue();
        assertThat(proof(turn).sentence()).contains("2 of 2 ackers", "no acknowledged write is lost");
    }

    @Test
    void theCrownNamesItsAckersByTheGenerationTheyWillHave() {
        Failover chosen = run(at(Stage.DRAIN), dead(scene -> {}).sight()).next();
        Sight confirmed = dead(scene -> scene.leaseConfirmedMillis = 20_000).sight();
        ClusterRecord next = written(run(chosen, confirmed));
        assertThat(next.epoch()).isEqualTo(new Epoch(4));
        assertThat(next.primary()).isEqualTo(DB2);
        assertThat(next.ackers()).isEqualTo(Map.of(DB3, new Generation("db3-a", new Epoch(4), 1)));
        assertThat(next.floor()).isEqualTo(GtidPosition.parse("0-1-100"));
        assertThat(next.barred()).containsExactly(DB1);
    }

    @Test
    void withoutAFreshLeaseThereIsNoCrown() {
        Failover chosen = run(at(Stage.DRAIN), dead(scene -> {}).sight()).next();
        Failover.Turn turn =
                run(chosen, dead(scene -> scene.leaseConfirmedMillis = 10_099).sight());
        assertThat(turn.actions()).containsExactly(new Action.ConfirmLease());
    }

    @Test
    void aCandidateThatIsLostBeforeTheCrownIsLookedForAgain() {
        Failover chosen = run(at(Stage.DRAIN), dead(scene -> {}).sight()).next();
        Sight lost = dead(scene -> {
                    scene.leaseConfirmedMillis = 20_000;
                    scene.db2().restarted();
                    scene.db2().at("0-1-99");
                })
                .sight();
        Failover.Turn turn = run(chosen, lost);
        assertThat(turn.next().stage()).isEqualTo(Stage.STOP_RECEIVERS);
        assertThat(turn.actions()).noneMatch(Action.Write.class::isInstance);
    }

    @Test
    void whenAnAckerRestartedTheFailoverIsRefusedAndTheOldPrimaryIsStartedWithItsTail() {
        Failover.Turn turn = run(
                at(Stage.STOP_RECEIVERS), dead(scene -> scene.db2().restarted()).sight());
        assertThat(turn.actions()).contains(new NodeOrder.Start(DB1, Boot.Tail.KEPT, Scene.THREE));
        assertThat(turn.next().refusal())
                .asString()
                .contains(
                        "failover from db1",
                        "db2 RESTARTED",
                        "1 of 2 ackers",
                        "accept the loss of acknowledged writes in shop");
    }

    @Test
    void itsOwnLogIsAProofUnlessItsTailWasCutOff() {
        Consumer<Scene> back = scene -> {
            scene.db2().restarted();
            scene.db1().reach = Reach.ANSWERED;
            scene.db1().keeper = Keeper.RUNS;
            scene.db1().restarted();
            scene.db1().at("0-1-120");
        };
        Failover.Turn turn = run(at(Stage.STOP_RECEIVERS), dead(back).sight());
        assertThat(proof(turn).promoted()).isEqualTo(DB1);
        assertThat(proof(turn).sentence()).contains("its log whole");
        Sight cut = dead(back.andThen(scene -> scene.db1().boot = new Boot("cut", Boot.Tail.TRUNCATED)))
                .sight();
        assertThat(run(at(Stage.STOP_RECEIVERS), cut).next().chosen()).isNull();
    }

    @Test
    void aSilentAckerIsWaitedForAndThenRefusedButNeverForgotten() {
        Consumer<Scene> silent = scene -> scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 800);
        Sight early = dead(silent.andThen(scene -> scene.nowMillis = CLAIMED_AT + 999))
                .sight();
        assertThat(run(at(Stage.STOP_RECEIVERS), early).next().refusal()).isNull();
        Sight late = dead(silent.andThen(scene -> scene.nowMillis = CLAIMED_AT + 3_600_000))
                .sight();
        Failover.Turn turn = run(at(Stage.STOP_RECEIVERS), late);
        assertThat(turn.next().refusal()).asString().contains("db2 SILENT");
        assertThat(turn.next().stage()).isEqualTo(Stage.STOP_RECEIVERS);
    }

    @Test
    void onlyTheTypedSentenceAcceptsALossAndTheCertificateSaysSo() {
        Consumer<Scene> silent = scene -> {
            scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 800);
            scene.nowMillis = CLAIMED_AT + 2_000;
        };
        Sight almost = dead(silent.andThen(scene -> scene.wish = new Wish.AcceptLoss("yes")))
                .sight();
        assertThat(run(at(Stage.STOP_RECEIVERS), almost).next().stage()).isEqualTo(Stage.STOP_RECEIVERS);
        Consumer<Scene> typed = silent.andThen(scene -> {
            scene.wish = new Wish.AcceptLoss("accept the loss of acknowledged writes in shop");
            scene.db3().askedMillis = CLAIMED_AT + 2_000;
        });
        Certificate proof = proof(run(at(Stage.STOP_RECEIVERS), dead(typed).sight()));
        assertThat(proof.promoted()).isEqualTo(DB3);
        assertThat(proof.proven()).isFalse();
        assertThat(proof.sentence()).startsWith("NOT PROVEN");
        assertThat(proof.unreachable()).contains(DB2);
    }

    @Test
    void aCrownWhoseAnswerWasLostIsNotGivenTwice() {
        Sight crowned = where(scene -> scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 500))
                .sight();
        assertThat(at(Stage.DRAIN).turn(crowned).next().stage()).isEqualTo(Stage.OVER);
    }
}
