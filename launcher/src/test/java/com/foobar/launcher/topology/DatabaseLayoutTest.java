package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.DatabasePlan;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatabaseLayoutTest {
    private static final DatabasePlan.Places PLACES =
            new DatabasePlan.Places(Path.of("data"), Path.of("cache"), List.of(), List.of());

    private static final String DEMO =
            """
            servers:
              local:
                address: 127.0.0.1
                roles: [lb, webserver, appserver, database-cluster, database-cluster, database-cluster]
            """;

    /** The exercise: two machines with everything and a balancer, whose machine makes the third vote. */
    private static final String EXERCISE =
            """
            servers:
              lb1: { address: 10.0.0.10, roles: [lb] }
              web1: { address: 10.0.0.11, roles: [webserver, appserver, database-cluster] }
              web2: { address: 10.0.0.12, roles: [webserver, appserver, database-cluster] }
            """;

    @Test
    void onOneMachineEachNodeVotesAndNoDoorIsOpen() throws Exception {
        DatabasePlan plan = plan(DEMO, "", Set.of());
        assertThat(plan.voters().keySet()).containsExactly("db1", "db2", "db3");
        assertThat(plan.votersHere()).containsExactlyInAnyOrder("db1", "db2", "db3");
        assertThat(plan.door()).isEmpty();
        assertThat(plan.coordinators()).isEmpty();
        assertThat(plan.nodes().values()).allMatch(node -> node.elsewhere().isEmpty());
        assertThat(plan.nodes().values().stream().map(DatabasePlan.Member::at))
                .containsExactly(
                        new HostPort("127.0.0.1", 33_061),
                        new HostPort("127.0.0.1", 33_062),
                        new HostPort("127.0.0.1", 33_063));
    }

    @Test
    void whereApplicationServersRunInAnotherProcessTheDoorIsOpenForThem() throws Exception {
        Topology topology = Read.topology(DEMO);
        assertThat(plan(DEMO, "", Set.of(RoleName.DATABASE_CLUSTER)).door())
                .contains(new HostPort("127.0.0.1", 33_261));
        Selection app = Selection.of(topology, "", Set.of(RoleName.APPSERVER));
        assertThat(DatabaseLayout.of(topology).plan(app, PLACES)).isEmpty();
        assertThat(DatabaseLayout.of(topology).doorsElsewhere(app)).containsExactly(new HostPort("127.0.0.1", 33_261));
    }

    @Test
    void ofAnEvenNumberTheBalancersMachineIsTheWitness() throws Exception {
        DatabasePlan plan = plan(EXERCISE, "web1", Set.of());
        assertThat(plan.voters().keySet()).containsExactly("lb1", "web1", "web2");
        assertThat(plan.votersHere()).containsExactly("web1");
        assertThat(plan.door()).contains(new HostPort("10.0.0.11", 33_261));
        assertThat(plan.coordinators())
                .containsExactlyInAnyOrder(new HostPort("10.0.0.12", 33_261), new HostPort("10.0.0.10", 33_261));
        assertThat(plan.nodes().values().stream()
                        .map(DatabasePlan.Member::elsewhere)
                        .toList())
                .containsExactly(java.util.Optional.empty(), java.util.Optional.of(new HostPort("10.0.0.12", 33_261)));
    }

    @Test
    void theWitnessVotesAndHoldsNothing() throws Exception {
        DatabasePlan plan = plan(EXERCISE, "lb1", Set.of());
        assertThat(plan.votersHere()).containsExactly("lb1");
        assertThat(plan.nodes().values()).noneMatch(node -> node.elsewhere().isEmpty());
        Topology topology = Read.topology(EXERCISE);
        assertThat(DatabaseLayout.of(topology).witnessAt(Selection.of(topology, "lb1", Set.of())))
                .map(Instance::name)
                .contains("witness");
        assertThat(DatabaseLayout.of(topology).witnessAt(Selection.of(topology, "web1", Set.of())))
                .isEmpty();
    }

    private static DatabasePlan plan(String yaml, String server, Set<RoleName> roles) throws Exception {
        Topology topology = Read.topology(yaml);
        return DatabaseLayout.of(topology)
                .plan(Selection.of(topology, server, roles), PLACES)
                .orElseThrow();
    }
}
