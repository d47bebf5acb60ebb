package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.database.model.Policy.Mode;
import com.foobar.database.model.Receiver;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a node may be provisioned anew by an order, and why not. */
class ReplacementTest {
    private static Arguments of(String what, NodeName node, String objection, Consumer<Scene> change) {
        return Arguments.of(what, node, objection, change);
    }

    private static void alone(Scene scene) {
        scene.ackers(Map.of(DB2, scene.generation(DB2)));
        scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 500);
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                of("one of two replicas", DB2, "", scene -> {}),
                of(
                        "nobody's name",
                        new NodeName("db9"),
                        "there is no node db9, there are [db1, db2, db3]",
                        scene -> {}),
                of("the primary", DB1, "db1 is the primary: switch over", scene -> {}),
                of(
                        "during maintenance",
                        DB2,
                        "during maintenance",
                        scene -> scene.record = record -> record.inMaintenance(true)),
                of("nobody reigns", DB2, "db1 is not in office", scene -> scene.db1().readOnly = true),
                of("another cluster's", DB2, "which is never touched", scene -> scene.db2().cluster = "other"),
                of("its server has ended", DB2, "", scene -> scene.db2().gone(Reach.EXITED, Keeper.STOPPED, 500)),
                of("nobody can be told", DB2, "the keeper of db2 does not answer", scene -> scene.db2()
                        .gone(Reach.TIMED_OUT, Keeper.SILENT, 500)),
                of("the only one that acknowledges", DB2, "db2 is the only one", ReplacementTest::alone),
                of("the only one that could in a moment", DB2, "db2 is the only one", scene -> {
                    alone(scene);
                    scene.db2().held();
                }),
                of("the only one, where writes need none", DB2, "", scene -> {
                    alone(scene);
                    scene.policy = scene.policy.in(Mode.AVAILABLE);
                }),
                of("the only one, and broken", DB2, "", scene -> {
                    alone(scene);
                    scene.db2().receiver = Receiver.State.BROKEN;
                }),
                of("the only one, and diverged", DB2, "", scene -> {
                    alone(scene);
                    scene.db2().held();
                    scene.db2().at("0-1-100,0-2-101");
                }),
                of("a dead one beside the only one", DB3, "", scene -> {
                    alone(scene);
                    scene.db3().keeper = Keeper.STOPPED;
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whetherItMay(String what, NodeName node, String objection, Consumer<Scene> change) {
        var objections = Replacement.objections(where(change).sight(), node);
        if (objection.isEmpty()) {
            assertThat(objections).isEmpty();
        } else {
            assertThat(objections).singleElement().asString().contains(objection);
        }
    }
}
