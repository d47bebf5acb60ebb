package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Solo;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.database.model.Vote.Standing;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who must answer, and what the answers are worth. The primary is dead; db2 is at 0-1-102, db3 at 0-1-101. */
class TallyTest {
    private static Arguments of(String what, boolean enough, String bound, Standing db2, Consumer<Scene> change) {
        return Arguments.of(what, enough, bound, db2, change);
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                of("all answer", true, "0-1-102", Standing.SOUND, scene -> {}),
                of("one is silent", false, "0-1-101", Standing.SILENT, scene -> scene.db2()
                        .gone(Reach.TIMED_OUT, Keeper.SILENT, 100)),
                of("the silent one was no acker", true, "0-1-101", Standing.SILENT, scene -> {
                    scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 100);
                    scene.ackers(Map.of(DB3, scene.generation(DB3)));
                }),
                of("one restarted since it acknowledged", false, "0-1-101", Standing.RESTARTED, scene -> scene.db2()
                        .restarted()),
                of(
                        "it restarted, and that was recorded with a higher floor",
                        true,
                        "0-1-102",
                        Standing.SOUND,
                        scene -> {
                            scene.db2().restarted();
                            scene.ackers(Map.of(DB2, scene.generation(DB2), DB3, scene.generation(DB3)));
                        }),
                of(
                        "one still receives",
                        false,
                        "0-1-101",
                        Standing.LOOSE,
                        scene -> scene.db2().receiver = com.foobar.database.model.Receiver.State.RUNNING),
                of(
                        "one was stopped by an older term, which may start it again",
                        false,
                        "0-1-101",
                        Standing.LOOSE,
                        scene -> scene.db2().obeyed = new Stamp(new Term(6), 1, 1)),
                of(
                        "one was asked too early",
                        false,
                        "0-1-101",
                        Standing.LOOSE,
                        scene -> scene.db2().askedMillis = 9_000),
                of(
                        "the primary answered alone",
                        false,
                        "0-1-102",
                        Standing.SOUND,
                        scene -> scene.record = record -> record.withSolo(Solo.YES, record.floor())),
                of(
                        "and was only being told to wait again",
                        false,
                        "0-1-102",
                        Standing.SOUND,
                        scene -> scene.record = record -> record.withSolo(Solo.ENDING, record.floor())),
                of("closed: the floor alone is the proof", true, "0-1-101", Standing.SILENT, scene -> {
                    scene.db2().gone(Reach.TIMED_OUT, Keeper.SILENT, 100);
                    scene.record = record -> record.closedAt(GtidPosition.parse("0-1-100"));
                }),
                of("nobody was ever recorded", false, "0-1-50", Standing.SILENT, scene -> scene.ackers(Map.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void enoughOrNot(String what, boolean enough, String bound, Standing db2, Consumer<Scene> change) {
        Tally tally = Tally.of(
                where(scene -> {
                            scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 100);
                            scene.db2().at("0-1-102");
                            scene.db3().at("0-1-101");
                            scene.db2().held();
                            scene.db3().held();
                            change.accept(scene);
                        })
                        .sight(),
                Scene.millis(9_500));
        assertThat(tally.enough()).as(tally.reason()).isEqualTo(enough);
        assertThat(tally.bound()).hasToString(bound);
        tally.votes().stream()
                .filter(vote -> vote.acker().equals(DB2))
                .forEach(vote -> assertThat(vote.standing()).as(vote.why()).isEqualTo(db2));
    }
}
