package com.foobar.database.decide;

import static com.foobar.database.decide.Diagnosis.*;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Receiver.State;
import com.foobar.database.model.Solo;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table: a case that it fits, one that looks alike and is another row's, one that is its opposite. */
class DiagnosesTest {
    record Case(Diagnosis expected, String sentence, Consumer<Scene> change) {
        @Override
        public String toString() {
            return expected + " <- " + sentence;
        }
    }

    private static Case of(Diagnosis expected, String sentence, Consumer<Scene> change) {
        return new Case(expected, sentence, change);
    }

    private static void lost(Scene scene) {
        scene.db2().receiver = State.CONNECTING;
        scene.db3().receiver = State.CONNECTING;
    }

    private static void restarted(Scene scene) {
        scene.db1().readOnly = true;
    }

    static Stream<Case> cases() {
        return Stream.of(
                of(HEALTHY, "nothing is wrong", scene -> {}),
                of(HEALTHY, "one of two replicas is lost", scene -> scene.db2().receiver = State.CONNECTING),
                of(PRIMARY_FULL, "its disk has no room", scene -> scene.db1().keeper = Keeper.FULL),
                of(PRIMARY_FULL, "nor would an acknowledgement come", scene -> {
                    scene.db1().keeper = Keeper.FULL;
                    lost(scene);
                }),
                of(HEALTHY, "a replica's disk has no room", scene -> scene.db2().keeper = Keeper.FULL),
                of(PRIMARY_ALONE, "both replicas are lost", DiagnosesTest::lost),
                of(PRIMARY_ALONE, "the only one attached is no acker", scene -> {
                    scene.ackers(java.util.Map.of(Scene.DB2, scene.generation(Scene.DB2)));
                    scene.db2().gone(Reach.REFUSED, Keeper.STOPPED, 10);
                }),
                of(HEALTHY, "the other one is attached", scene -> scene.db3().gone(Reach.REFUSED, Keeper.STOPPED, 10)),
                of(QUORUM_LOST, "the lease is not held", scene -> scene.leads = false),
                of(QUORUM_LOST, "not held, and the primary is dead: still nothing is decided", scene -> {
                    scene.leads = false;
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 500);
                }),
                of(PRIMARY_DEAD, "its parent saw it end", scene -> scene.db1().gone(Reach.EXITED, Keeper.SILENT, 0)),
                of(PRIMARY_DEAD, "its keeper saw it end", scene -> scene.db1()
                        .gone(Reach.TIMED_OUT, Keeper.STOPPED, 0)),
                of(PRIMARY_DEAD, "nobody listens", scene -> scene.db1().gone(Reach.REFUSED, Keeper.SILENT, 0)),
                of(PRIMARY_DEAD, "a reset, and the replicas have lost it", scene -> {
                    scene.db1().gone(Reach.RESET, Keeper.SILENT, 0);
                    lost(scene);
                }),
                of(PRIMARY_SUSPECT, "a reset, and a replica is attached: one killed connection", scene -> scene.db1()
                        .gone(Reach.RESET, Keeper.SILENT, 0)),
                of(PRIMARY_SUSPECT, "silent for a moment", scene -> scene.db1()
                        .gone(Reach.TIMED_OUT, Keeper.RUNS, 249)),
                of(PRIMARY_HUNG, "silent for long, its keeper answers", scene -> scene.db1()
                        .gone(Reach.TIMED_OUT, Keeper.RUNS, 250)),
                of(PRIMARY_HUNG, "hung, and the replicas have noticed", scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 900);
                    lost(scene);
                }),
                of(
                        PRIMARY_UNSEEN,
                        "silent with its keeper, replicas attached: only we are cut off",
                        scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 900)),
                of(PRIMARY_UNSEEN, "one replica is still attached", scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 900);
                    scene.db2().receiver = State.CONNECTING;
                }),
                of(PRIMARY_CUT_OFF, "silent with its keeper, and the replicas have lost it", scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 900);
                    lost(scene);
                }),
                of(PRIMARY_READ_ONLY, "it was restarted", DiagnosesTest::restarted),
                of(PROMOTION_UNFINISHED, "it has never reigned in this epoch", scene -> {
                    restarted(scene);
                    scene.db1().reign = new Epoch(2);
                }),
                of(
                        PROMOTION_UNFINISHED,
                        "it takes writes for an older epoch",
                        scene -> scene.db1().reign = new Epoch(2)),
                of(TWO_WRITABLE, "a replica takes writes", scene -> scene.db2().readOnly = false),
                of(PRIMARY_DEAD, "a replica takes writes and the primary is dead: the death counts", scene -> {
                    scene.db2().readOnly = false;
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 0);
                }),
                of(HEALTHY, "a foreign node takes writes: not ours to judge", scene -> {
                    scene.db2().readOnly = false;
                    scene.db2().cluster = "other";
                }),
                of(
                        PRIMARY_FOREIGN,
                        "the primary's address answers with another cluster's data",
                        scene -> scene.db1().cluster = "other"),
                of(
                        FAILOVER_UNFINISHED,
                        "somebody claimed the next epoch",
                        scene -> scene.record = record -> record.claimed(Scene.TERM)),
                of(FAILOVER_UNFINISHED, "claimed, and the primary is dead", scene -> {
                    scene.record = record -> record.claimed(Scene.TERM);
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 0);
                }),
                of(CLOSED, "the record is closed and the primary read-only", scene -> {
                    scene.record = record -> record.closedAt(GtidPosition.parse("0-1-100"));
                    restarted(scene);
                }),
                of(CLOSED, "closed, and the primary is gone", scene -> {
                    scene.record = record -> record.closedAt(GtidPosition.parse("0-1-100"));
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.SILENT, 900);
                }),
                of(
                        NEVER_FOUNDED,
                        "no epoch has begun",
                        scene ->
                                scene.record = record -> ClusterRecord.founding("shop", Scene.DB1, GtidPosition.EMPTY)),
                of(
                        SOLO,
                        "it answers alone, as declared",
                        scene -> scene.record = record -> record.withSolo(Solo.YES, record.floor())),
                of(PRIMARY_DEAD, "it answered alone and died", scene -> {
                    scene.record = record -> record.withSolo(Solo.YES, record.floor());
                    scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 0);
                }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFirstRowThatHolds(Case one) {
        assertThat(Diagnoses.diagnose(where(one.change()).sight()).diagnosis()).isEqualTo(one.expected());
    }

    @Test
    void everyDiagnosisHasACaseAndASentenceWithItsEvidence() {
        assertThat(cases().map(Case::expected))
                .contains(Arrays.stream(Diagnosis.values()).toArray(Diagnosis[]::new));
        Finding finding = Diagnoses.diagnose(where(scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 300))
                .sight());
        assertThat(finding.toString()).contains("PRIMARY_HUNG", "db1 TIMED_OUT", "300 ms", "attached [db2, db3]");
    }
}
