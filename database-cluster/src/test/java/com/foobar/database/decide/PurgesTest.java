package com.foobar.database.decide;

import static com.foobar.database.decide.Scene.DB1;
import static com.foobar.database.decide.Scene.DB2;
import static com.foobar.database.decide.Scene.DB3;
import static com.foobar.database.decide.Scene.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.GtidPosition;
import com.foobar.database.model.NodeView.Keeper;
import com.foobar.database.model.NodeView.Reach;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What everybody has, and who is told. */
class PurgesTest {
    private static List<NodeOrder.Purge> orders(Consumer<Scene> change) {
        return Purges.orders(where(change).sight());
    }

    @Test
    void whatTheSlowestHasIsWhatEverybodyHas() {
        GtidPosition least = GtidPosition.parse("0-1-70");
        assertThat(orders(scene -> {
                    scene.db1().at("0-1-100,0-2-110");
                    scene.db2().at("0-1-100,0-2-105");
                    scene.db3().received = "0-1-100,0-2-110";
                    scene.db3().applied = "0-1-70";
                }))
                .containsExactly(
                        new NodeOrder.Purge(DB1, least, true),
                        new NodeOrder.Purge(DB2, least, true),
                        new NodeOrder.Purge(DB3, least, true));
    }

    @Test
    void whoIsAwayIsNotToldAndMakesTheRestIncomplete() {
        assertThat(orders(scene -> scene.db3().gone(Reach.TIMED_OUT, Keeper.SILENT, 500)))
                .allMatch(order -> !order.complete())
                .extracting(NodeOrder.Purge::node)
                .containsExactly(DB1, DB2);
        assertThat(orders(scene -> scene.db2().cluster = "other"))
                .allMatch(order -> !order.complete())
                .extracting(NodeOrder.Purge::node)
                .containsExactly(DB1, DB3);
    }

    static Stream<Arguments> nothing() {
        return Stream.of(
                Arguments.of("nobody reigns", (Consumer<Scene>) scene -> scene.db1().readOnly = true),
                Arguments.of("an epoch is claimed", (Consumer<Scene>)
                        scene -> scene.record = record -> record.claimed(Scene.TERM)),
                Arguments.of(
                        "maintenance", (Consumer<Scene>) scene -> scene.record = record -> record.inMaintenance(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void nothing(String what, Consumer<Scene> change) {
        assertThat(orders(change)).isEmpty();
    }
}
