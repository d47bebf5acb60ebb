package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.PublishedTopology.Replica;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What application servers are told of whom. */
class TopologiesTest {
    private static final PublishedTopology WHOLE =
            Topologies.of(where(scene -> {}).sight(), false);

    @Test
    void laggardsAndStrangersServeNoReads() {
        var topology = Topologies.of(
                where(scene -> {
                            scene.db2().lag = Duration.ofSeconds(6);
                            scene.db3().cluster = "other";
                        })
                        .sight(),
                false);
        assertThat(topology.primary()).isEqualTo(DB1);
        assertThat(topology.replicas()).singleElement().satisfies(replica -> {
            assertThat(replica.name()).isEqualTo(DB2);
            assertThat(replica.serves()).isFalse();
        });
        assertThat(Topologies.of(
                                where(scene -> scene.record = record -> record.claimed(Scene.TERM))
                                        .sight(),
                                false)
                        .primary())
                .as("nobody takes writes while an epoch is claimed")
                .isNull();
    }

    private static Arguments scene(String what, boolean idle, Consumer<Scene> change, List<String> told) {
        return Arguments.of(what, idle, change, told);
    }

    /** Of a whole cluster in which then happens what is said; p is the primary, r a replica, s one that serves no reads. */
    static Stream<Arguments> silence() {
        Consumer<Scene> allSilent = scene -> {
            scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 328);
            scene.db2().gone(Reach.TIMED_OUT, Keeper.RUNS, 328);
            scene.db3().gone(Reach.TIMED_OUT, Keeper.RUNS, 328);
        };
        return Stream.of(
                scene("nothing", true, scene -> {}, List.of("p db1", "r db2", "r db3")),
                scene("all silent: whoever looks was slow", true, allSilent, List.of("p db1", "s db2", "s db3")),
                scene("all silent, a failover is begun", false, allSilent, List.of("s db2", "s db3")),
                scene(
                        "the primary is suspect",
                        true,
                        scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 100),
                        List.of("p db1", "r db2", "r db3")),
                scene(
                        "its silence lasts longer than it is waited out",
                        true,
                        scene -> scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 1_250),
                        List.of("r db2", "r db3")),
                scene(
                        "the primary has ended",
                        true,
                        scene -> scene.db1().gone(Reach.EXITED, Keeper.STOPPED, 1),
                        List.of("r db2", "r db3")),
                scene(
                        "the primary is read-only",
                        true,
                        scene -> scene.db1().readOnly = true,
                        List.of("r db2", "r db3")),
                scene(
                        "a replica is silent for as long as one is waited for",
                        true,
                        scene -> scene.db3().gone(Reach.TIMED_OUT, Keeper.RUNS, 1_000),
                        List.of("p db1", "r db2")),
                scene(
                        "nobody listens at a replica",
                        true,
                        scene -> scene.db3().gone(Reach.REFUSED, Keeper.RUNS, 1),
                        List.of("p db1", "r db2")),
                scene(
                        "a silent replica has ended, says its keeper",
                        true,
                        scene -> scene.db3().gone(Reach.TIMED_OUT, Keeper.STOPPED, 1),
                        List.of("p db1", "r db2")),
                scene(
                        "a replica answers with another cluster's data",
                        true,
                        scene -> scene.db3().cluster = "other",
                        List.of("p db1", "r db2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silence")
    void onlySilenceDoesNotUnsayWhatWasSaid(String what, boolean idle, Consumer<Scene> change, List<String> told) {
        Sight sight = where(change).sight();

        assertThat(inWords(Topologies.patient(WHOLE, Topologies.of(sight, false), Diagnoses.diagnose(sight), idle)))
                .containsExactlyInAnyOrderElementsOf(told);
    }

    @Test
    void whatWasNeverSaidOrIsOfAnotherEpochIsNotKept() {
        Sight silent = where(scene -> {
                    scene.db1().gone(Reach.TIMED_OUT, Keeper.RUNS, 100);
                    scene.db3().gone(Reach.TIMED_OUT, Keeper.RUNS, 100);
                })
                .sight();
        PublishedTopology now = Topologies.of(silent, false);
        PublishedTopology older =
                new PublishedTopology(new Epoch(2), 1, DB1, WHOLE.replicas(), false, Duration.ofSeconds(3));

        assertThat(Topologies.patient(null, now, Diagnoses.diagnose(silent), true))
                .isEqualTo(now);
        assertThat(Topologies.patient(older, now, Diagnoses.diagnose(silent), true))
                .isEqualTo(now);
    }

    private static List<String> inWords(PublishedTopology topology) {
        Stream<String> primary = Stream.ofNullable(topology.primary()).map(name -> "p " + name.text());
        Stream<String> replicas = topology.replicas().stream().map(TopologiesTest::inWords);
        return Stream.concat(primary, replicas).toList();
    }

    private static String inWords(Replica replica) {
        return (replica.serves() ? "r " : "s ") + replica.name().text();
    }
}
