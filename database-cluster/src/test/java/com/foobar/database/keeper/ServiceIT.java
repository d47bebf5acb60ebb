package com.foobar.database.keeper;

import static com.foobar.database.keeper.KeptCluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.decide.NodeOrder;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.NodeView.Reach;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is not our child: started by a command, known by its number only. */
class ServiceIT {

    private KeptCluster cluster;
    private SystemTime time;
    private Service service;

    @BeforeEach
    void anOperatorsServer() throws Exception {
        cluster = new KeptCluster();
        time = new SystemTime("service-test");
        cluster.ground.provision(1);
        // Once as ours, for its accounts and an option file, then never again.
        cluster.ground.start(1).close();
        Path root = cluster.ground.folder(1).root();
        Path options = root.resolve("operator.cnf");
        Path tail = root.resolve("tail.cnf");
        Files.writeString(tail, "");
        Files.writeString(
                options,
                Files.readString(root.resolve("server.cnf")).replaceAll("(?m)^(init-file|init-rpl-role)=.*\n", "")
                        + "!include " + tail + "\n");
        String start = "setsid " + cluster.ground.engine().server() + " --defaults-file='" + options
                + "' </dev/null >/dev/null 2>&1 &";
        service = new Service(
                List.of("/bin/sh", "-c", start),
                List.of(),
                List.of(),
                root.resolve("server.pid"),
                Optional.of(tail),
                Duration.ofSeconds(30));
    }

    @AfterEach
    void nothingLeft() throws Exception {
        ServiceLife.of(service, cluster.ground.at(1), time).ifPresent(Life::kill);
        cluster.close();
        time.close();
    }

    private Keeper open() throws Exception {
        KeeperPlan plan = cluster.plan(1);
        Keeper keeper = cluster.open(1, new ServiceServer(service, plan, time));
        String unused = keeper.started().get(60, TimeUnit.SECONDS);
        return keeper;
    }

    @Test
    void isStartedPromotedFencedAndStartedAgain() throws Exception {
        Keeper keeper = open();
        assertThat(cluster.state(1).readOnly()).isTrue();
        assertThat(cluster.promote(1, 1).detail()).contains("reigns in epoch 1");
        long began = System.nanoTime();
        assertThat(cluster.order(new NodeOrder.Fence(name(1))).detail()).isEqualTo("killed");
        System.out.println("fence by process number: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        assertThat(KeptCluster.look(keeper).reach()).isEqualTo(Reach.EXITED);
        assertThat(cluster.start(1, Boot.Tail.TRUNCATED, 2).done()).isTrue();
        NodeState cut = cluster.state(1);
        assertThat(cut.boot().tail()).isEqualTo(Boot.Tail.TRUNCATED);
        assertThat(cut.readOnly()).isTrue();
        assertThat(Files.readString(service.tail().orElseThrow())).contains("init-rpl-role=SLAVE");
        assertThat(cluster.order(new NodeOrder.Reprovision(name(1), name(2))).done())
                .isFalse();
    }

    @Test
    void isTakenOnByAKeeperThatWasStartedLaterWithAGenerationNeverUsed() throws Exception {
        Keeper first = open();
        assertThat(cluster.follow(1, 2, 1).detail()).startsWith("follows db2");
        NodeState before = cluster.state(1);
        // Its keeper dies without a word: a second one on the same notes.
        Keeper second = open();
        NodeState after = cluster.state(1);
        assertThat(after.boot()).isEqualTo(before.boot());
        Generation used = before.receiver().generation();
        Generation now = after.receiver().generation();
        assertThat(now.boot()).isEqualTo(used.boot());
        assertThat(now.starts()).isGreaterThan(used.starts());
        assertThat(after.obeyed()).isEqualTo(before.obeyed());
        first.close();
        second.close();
    }

    @Test
    void aRightfulPrimarySurvivesItsKeeperAndADeposedOneDoesNot() throws Exception {
        Keeper first = open();
        assertThat(cluster.promote(1, 1).done()).isTrue();
        Keeper second = open();
        assertThat(cluster.state(1).readOnly()).isFalse();
        assertThat(cluster.state(1).reign()).isEqualTo(new Epoch(1));
        cluster.lease.answer = HandLease.barred(2, 2);
        Keeper third = open();
        Await.until(
                "it is killed", KeptCluster.SOON, () -> KeptCluster.look(third).reach() == Reach.EXITED);
        first.close();
        second.close();
    }
}
