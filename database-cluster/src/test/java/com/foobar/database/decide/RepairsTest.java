package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.Boot;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Generation;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy.Mode;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Solo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is mended beside a primary in office, and above all in which order. The primary was asked last, at 0-1-200. */
class RepairsTest {
    private static final Memory NONE = Memory.NONE;

    private static Sight sight(Consumer<Scene> change) {
        return where(scene -> {
                    scene.db1().at("0-1-200");
                    scene.db1().askedMillis = 10_050;
                    change.accept(scene);
                })
                .sight();
    }

    private static List<Action> mend(Consumer<Scene> change) {
        return new Repairs(sight(change), NONE).all();
    }

    private static ClusterRecord written(List<Action> actions) {
        List<Action.Write> writes = actions.stream()
                .filter(Action.Write.class::isInstance)
                .map(Action.Write.class::cast)
                .toList();
        assertThat(writes).as("%s", actions).hasSize(1);
        return writes.get(0).next();
    }

    @Test
    void aHealthyClusterIsLeftAlone() {
        assertThat(mend(scene -> {})).isEmpty();
    }

    @Test
    void aReplicaThatStoppedIsRecordedAnewWithAFloorBeforeItFollowsAgain() {
        Consumer<Scene> stopped = scene -> scene.db2().held();
        ClusterRecord next = written(mend(stopped));
        assertThat(next.ackers()).containsEntry(DB2, new Generation("db2-a", Scene.THREE, 2));
        assertThat(next.floor())
                .as("its old generation may have acknowledged up to here")
                .hasToString("0-1-200");
        assertThat(mend(stopped)).noneMatch(NodeOrder.Follow.class::isInstance);
        assertThat(mend(stopped.andThen(scene -> scene.ackers(next.ackers()))))
                .containsExactly(new NodeOrder.Follow(DB2, DB1, new Generation("db2-a", Scene.THREE, 2)));
    }

    @Test
    void aNodeThatWasNoAckerNeedsNoHigherFloor() {
        ClusterRecord next = written(mend(scene -> {
            scene.db2().held();
            scene.ackers(Map.of(DB3, scene.generation(DB3)));
        }));
        assertThat(next.ackers()).containsKeys(DB2, DB3);
        assertThat(next.floor()).hasToString("0-1-50");
    }

    @Test
    void theFloorIsOnlyWhatThePrimarySaidAfterTheOldGenerationHadEnded() {
        assertThat(mend(scene -> {
                    scene.db2().held();
                    scene.db1().askedMillis = 10_004;
                }))
                .isEmpty();
    }

    @Test
    void aReceiverThatWasRestartedBehindOurBackIsRecorded() {
        ClusterRecord next = written(mend(scene -> {
            Generation before = scene.generation(DB2);
            scene.db2().generation = before.next("db2-a", Scene.THREE);
            scene.ackers(Map.of(DB2, before, DB3, scene.generation(DB3)));
        }));
        assertThat(next.ackers()).containsEntry(DB2, new Generation("db2-a", Scene.THREE, 2));
        assertThat(next.floor()).hasToString("0-1-200");
    }

    @Test
    void aReplicaOfAnotherSourceIsFirstStoppedByThisTerm() {
        assertThat(mend(scene -> scene.db2().source = DB3)).containsExactly(new NodeOrder.StopReceiver(DB2));
    }

    @Test
    void aDeadReplicaIsStartedWithItsTailAndIsNoAckerUntilItIsBack() {
        List<Action> actions = mend(scene -> scene.db2().gone(Reach.REFUSED, Keeper.STOPPED, 5));
        assertThat(actions).contains(new NodeOrder.Start(DB2, Boot.Tail.KEPT, Scene.THREE));
        assertThat(written(actions).ackers()).containsOnlyKeys(DB3);
    }

    @Test
    void theLastAckerStaysRecordedEvenDead() {
        assertThat(mend(scene -> {
                    scene.ackers(Map.of(DB2, scene.generation(DB2)));
                    scene.db2().gone(Reach.REFUSED, Keeper.STOPPED, 5);
                    scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 5);
                }))
                .noneMatch(Action.Write.class::isInstance);
    }

    @Test
    void aSilentAckerIsBarredAndOnlyDismissedWhenItsLeaseHasLapsed() {
        Consumer<Scene> silent = scene -> scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 1_000);
        assertThat(written(mend(silent)).barred()).containsExactly(DB2);
        assertThat(mend(scene -> scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 999)))
                .isEmpty();
        Consumer<Scene> barred = silent.andThen(scene -> scene.record = record -> record.barring(DB2));
        Sight sight = sight(barred);
        assertThat(new Repairs(sight, barredSince(10_100 - 1_099)).all()).isEmpty();
        assertThat(written(new Repairs(
                                        sight(barred.andThen(scene -> scene.db1().askedMillis = 10_100)),
                                        barredSince(9_000))
                                .all())
                        .ackers())
                .containsOnlyKeys(DB3);
    }

    private static Memory barredSince(long millis) {
        return new Memory(new TreeMap<>(Map.of(DB2, Scene.millis(millis))), null, null, new TreeMap<>());
    }

    @Test
    void aDeposedPrimaryIsAdmittedThenStartedWithItsTailCutOff() {
        Consumer<Scene> deposed = scene -> {
            scene.ackers(Map.of(DB3, scene.generation(DB3)));
            scene.db2().gone(Reach.REFUSED, Keeper.STOPPED, 500);
        };
        Consumer<Scene> barred = deposed.andThen(scene -> scene.record = record -> record.barring(DB2));
        assertThat(mend(barred)).noneMatch(NodeOrder.class::isInstance);
        assertThat(written(mend(barred)).barred()).isEmpty();
        assertThat(mend(deposed)).containsExactly(new NodeOrder.Start(DB2, Boot.Tail.TRUNCATED, Scene.THREE));
    }

    @Test
    void whoHoldsMoreThanThePrimaryIsTruncatedThenProvisionedAnew() {
        Consumer<Scene> errant = scene -> {
            scene.ackers(Map.of(DB3, scene.generation(DB3)));
            scene.db2().restarted();
            scene.db2().at("0-1-100,0-2-101");
        };
        assertThat(mend(errant)).containsExactly(new NodeOrder.Start(DB2, Boot.Tail.TRUNCATED, Scene.THREE));
        assertThat(mend(errant.andThen(scene -> scene.db2().boot = new Boot("cut", Boot.Tail.TRUNCATED))))
                .containsExactly(new NodeOrder.Reprovision(DB2, DB1));
    }

    private static Consumer<Scene> wantedAnew(Consumer<Scene> change) {
        return change.andThen(scene -> scene.wish = new Wish.Anew(DB2, "db2-a"));
    }

    @Test
    void whoIsWantedAnewAcknowledgesNothingThenIsNoAckerThenLosesItsData() {
        assertThat(mend(wantedAnew(scene -> {}))).containsExactly(new NodeOrder.StopReceiver(DB2));
        ClusterRecord without = written(mend(wantedAnew(scene -> scene.db2().held())));
        assertThat(without.ackers()).containsOnlyKeys(DB3);
        assertThat(without.floor()).as("it may have acknowledged up to here").hasToString("0-1-200");
        Consumer<Scene> out = scene -> scene.ackers(Map.of(DB3, scene.generation(DB3)));
        assertThat(mend(wantedAnew(out.andThen(scene -> scene.db2().held()))))
                .containsExactly(new NodeOrder.Reprovision(DB2, DB1));
        assertThat(mend(wantedAnew(out.andThen(scene -> scene.db2().gone(Reach.EXITED, Keeper.STOPPED, 5)))))
                .as("it is not started with the old data before")
                .containsExactly(new NodeOrder.Reprovision(DB2, DB1));
        assertThat(mend(wantedAnew(out.andThen(scene -> scene.db2().gone(Reach.REFUSED, Keeper.RUNS, 5)))))
                .as("while it is done")
                .isEmpty();
        ClusterRecord again =
                written(mend(wantedAnew(out.andThen(scene -> scene.db2().restarted()))));
        assertThat(again.ackers()).as("with another life it is as everybody").containsKeys(DB2, DB3);
    }

    @Test
    void whoIsWantedAnewKeepsItsDataAsSoonAsNobodyElseCouldAcknowledge() {
        Consumer<Scene> last = scene -> {
            scene.ackers(Map.of(DB3, scene.generation(DB3)));
            scene.db2().held();
            scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 5);
        };
        assertThat(mend(wantedAnew(last))).noneMatch(NodeOrder.Reprovision.class::isInstance);
        assertThat(mend(wantedAnew(last.andThen(scene -> scene.policy = scene.policy.in(Mode.AVAILABLE)))))
                .contains(new NodeOrder.Reprovision(DB2, DB1));
    }

    @Test
    void aReplicaWithoutRoomIsNoAckerUntilItHasSomeIfAnotherIs() {
        Consumer<Scene> full = scene -> scene.db2().keeper = Keeper.FULL;
        assertThat(mend(full)).containsExactly(new NodeOrder.StopReceiver(DB2));
        Consumer<Scene> stopped = full.andThen(scene -> scene.db2().held());
        assertThat(written(mend(stopped)).ackers()).containsOnlyKeys(DB3);
        Consumer<Scene> out = stopped.andThen(scene -> scene.ackers(Map.of(DB3, scene.generation(DB3))));
        assertThat(mend(out)).isEmpty();
        assertThat(written(mend(out.andThen(scene -> scene.db2().keeper = Keeper.RUNS)))
                        .ackers())
                .containsOnlyKeys(DB2, DB3);
        assertThat(mend(full.andThen(scene -> scene.db3().receiver = State.CONNECTING)))
                .as("the only one that acknowledges")
                .isEmpty();
    }

    @Test
    void aForeignNodeIsNeverTouchedAndAWritableOneIsFenced() {
        assertThat(mend(scene -> {
                    scene.ackers(Map.of(DB3, scene.generation(DB3)));
                    scene.db2().cluster = "other";
                    scene.db2().readOnly = false;
                }))
                .isEmpty();
        assertThat(mend(scene -> scene.db2().readOnly = false)).contains(new NodeOrder.Fence(DB2));
    }

    @Test
    void strictWaitsAndAvailableDeclaresItselfFirst() {
        Consumer<Scene> alone = scene -> {
            scene.db2().receiver = State.CONNECTING;
            scene.db3().receiver = State.CONNECTING;
        };
        Memory long_ = new Memory(new TreeMap<>(), null, Scene.millis(9_000), new TreeMap<>());
        assertThat(new Repairs(sight(alone), long_).all()).isEmpty();
        Consumer<Scene> available = alone.andThen(scene -> scene.policy = scene.policy.in(Mode.AVAILABLE));
        assertThat(new Repairs(sight(available), NONE).all())
                .as("not in the first moment")
                .isEmpty();
        List<Action> declared = new Repairs(sight(available), long_).all();
        assertThat(declared).noneMatch(NodeOrder.class::isInstance);
        assertThat(written(declared).solo()).isEqualTo(Solo.YES);
        Consumer<Scene> solo =
                available.andThen(scene -> scene.record = record -> record.withSolo(Solo.YES, record.floor()));
        assertThat(new Repairs(sight(solo), long_).all()).containsExactly(new NodeOrder.WaitForAcks(DB1, false));
    }

    @Test
    void soloEndsOnlyWhenThePrimaryObeyedAnOrderOfThatVersion() {
        Consumer<Scene> back = scene -> scene.record = record -> record.withSolo(Solo.YES, record.floor());
        assertThat(written(mend(back)).solo()).isEqualTo(Solo.ENDING);
        Consumer<Scene> ending = scene -> scene.record = record -> record.withSolo(Solo.ENDING, record.floor());
        assertThat(mend(ending)).containsExactly(new NodeOrder.WaitForAcks(DB1, true));
        Consumer<Scene> armed =
                ending.andThen(scene -> scene.db1().obeyed = new com.foobar.database.model.Stamp(Scene.TERM, 100, 9));
        Sight sight = sight(armed);
        assertThat(new Repairs(sight, NONE.seeing(sight)).all())
                .as("asked before it was seen")
                .isEmpty();
        Memory before = new Memory(new TreeMap<>(), Scene.millis(10_040), null, new TreeMap<>());
        ClusterRecord next = written(new Repairs(sight, before).all());
        assertThat(next.solo()).isEqualTo(Solo.NO);
        assertThat(next.floor()).isEqualTo(GtidPosition.parse("0-1-200"));
    }
}
