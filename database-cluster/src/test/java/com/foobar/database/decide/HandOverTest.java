package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A node that says that it is about to leave: nobody has to ask for a switchover, and nobody makes it primary. */
class HandOverTest {
    private static void leaves(Scene scene) {
        scene.db1().keeper = Keeper.LEAVING;
    }

    private static Governor.Turn turn(Governor governor, Consumer<Scene> change) {
        return governor.turn(where(change).sight());
    }

    private static Governor.Turn turn(Consumer<Scene> change) {
        return turn(Governor.fresh(Scene.TERM), change);
    }

    @Test
    void aPrimaryThatLeavesIsHandedOverToTheBest() {
        Governor.Turn turn = turn(HandOverTest::leaves);
        assertThat(turn.actions()).hasOnlyElementsOfType(Action.Publish.class);
        assertThat(Objects.requireNonNull(turn.next().switchover()).target()).isEqualTo(DB2);
        assertThat(turn.refusal()).isNull();
    }

    static Stream<Arguments> nothingIsBegun() {
        return Stream.of(
                Arguments.of("a replica that leaves", (Consumer<Scene>) scene -> scene.db2().keeper = Keeper.LEAVING),
                Arguments.of("maintenance", (Consumer<Scene>) scene -> {
                    leaves(scene);
                    scene.record = record -> record.inMaintenance(true);
                }),
                Arguments.of("everybody leaves", (Consumer<Scene>) scene -> {
                    leaves(scene);
                    scene.db2().keeper = Keeper.LEAVING;
                    scene.db3().keeper = Keeper.LEAVING;
                }),
                Arguments.of("nobody follows", (Consumer<Scene>) scene -> {
                    leaves(scene);
                    scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 100);
                    scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 100);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void nothingIsBegun(String what, Consumer<Scene> change) {
        Governor.Turn turn = turn(change);
        assertThat(turn.next().switchover()).isNull();
        assertThat(turn.next().failover()).isNull();
    }

    @Test
    void aHandOverThatCameToNothingIsNotTriedAtEveryLook() {
        Governor tried = new Governor(Scene.TERM, null, null, Memory.NONE, null, Scene.millis(10_000), null);
        assertThat(turn(tried, HandOverTest::leaves).next().switchover()).isNull();
        assertThat(turn(tried, scene -> {
                            leaves(scene);
                            scene.nowMillis = 20_000;
                        })
                        .next()
                        .switchover())
                .isNotNull();
    }

    private static void full(Scene scene) {
        scene.db1().keeper = Keeper.FULL;
    }

    @Test
    void aPrimaryWithoutRoomIsHandedOverAndWhereItsWritersDoNotLetItReplaced() {
        assertThat(turn(HandOverTest::full).next().switchover()).isNotNull();
        Governor tried = new Governor(Scene.TERM, null, null, Memory.NONE, null, Scene.millis(10_000), null);
        Governor.Turn turn = turn(tried, HandOverTest::full);
        assertThat(turn.next().failover()).isNotNull();
        assertThat(turn.actions()).hasAtLeastOneElementOfType(Action.Write.class);
        Governor.Turn claimed = turn(turn.next(), scene -> {
            full(scene);
            scene.record = record -> record.claimed(Scene.TERM);
        });
        assertThat(claimed.actions())
                .as("that it answers is no false alarm")
                .contains(new NodeOrder.Fence(DB1))
                .noneMatch(Action.Write.class::isInstance);
    }

    @Test
    void whereNobodyHasRoomThePrimaryServesReadsOn() {
        Governor tried = new Governor(Scene.TERM, null, null, Memory.NONE, null, Scene.millis(10_000), null);
        Governor.Turn turn = turn(tried, scene -> {
            full(scene);
            scene.db2().keeper = Keeper.FULL;
            scene.db3().keeper = Keeper.FULL;
        });
        assertThat(turn.next().failover()).isNull();
        assertThat(turn.next().switchover()).isNull();
        assertThat(turn.finding().diagnosis()).isEqualTo(Diagnosis.PRIMARY_FULL);
    }

    @Test
    void whoLeavesIsChosenLastServesNoReadsAndIsNamed() {
        Sight sight = where(scene -> scene.db2().keeper = Keeper.LEAVING).sight();
        assertThat(Plans.bestTarget(sight)).isEqualTo(DB3);
        assertThat(Plans.switchover(sight, DB2).refusal()).asString().contains("db2 was drained");
        assertThat(Candidates.forecast(sight).get(0).name()).isEqualTo(DB3);
        assertThat(Topologies.of(sight, false).replicas()).allSatisfy(replica -> assertThat(replica.serves())
                .as(replica.name().text())
                .isEqualTo(replica.name().equals(DB3)));
    }

    /** It leaves, and hangs before it has: as for anybody else. */
    @Test
    void aPrimaryThatHangsOnItsWayOutIsReplaced() {
        Sight sight = where(scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.LEAVING, 300))
                .sight();
        assertThat(Diagnoses.diagnose(sight).diagnosis()).isEqualTo(Diagnosis.PRIMARY_HUNG);
        assertThat(sight.record().primary()).isEqualTo(DB1);
    }
}
