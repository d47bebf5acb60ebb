package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.testkit.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks that are full: small file systems in memory, which takes root. */
@Timeout(240)
class NoRoomIT {
    private final List<SmallDisk> mounted = new ArrayList<>();

    private interface Body {
        void run(WholeCluster cluster) throws Exception;
    }

    private void with(int seats, List<String> disks, Body body) throws Exception {
        Consumer<Path> mounts = root -> disks.forEach(name -> mounted.add(SmallDisk.at(root.resolve(name), "256m")));
        try (WholeCluster cluster = new WholeCluster(3, seats, Policy.DEFAULT, false, mounts)) {
            try {
                body.run(cluster);
            } finally {
                // While all still runs: who is closed removes the folders.
                mounted.forEach(SmallDisk::close);
            }
        }
    }

    @Test
    void aPrimaryWithoutRoomIsReplacedAndWellAgainWhenThereIsSome() throws Exception {
        with(1, List.of("n1"), cluster -> {
            ClusterRecord founded = moveTo(cluster, new NodeName("db1"));
            try (Ledger ledger = new Ledger(cluster).begin(1)) {
                ledger.resetGap();
                Path ballast = mounted.get(0).fill();
                var unused = cluster.await(
                        "another reigns",
                        status -> status.isInOffice()
                                && !Objects.requireNonNull(status.record())
                                        .primary()
                                        .equals(founded.primary()));
                ledger.awaitMore(100);
                System.out.println("full disk of the primary, write gap: "
                        + ledger.gap().toMillis() + " ms, " + ledger.failures() + " failed writes");
                Files.delete(ballast);
                ClusterRecord whole = cluster.record();
                assertThat(whole.ackers()).containsKey(founded.primary());
                assertThat(ledger.lostAt(cluster.number(whole.primary()))).isEmpty();
                cluster.ground.awaitCaughtUp(1, cluster.number(whole.primary()));
                assertThat(ledger.lostAt(1)).isEmpty();
                assertThat(cluster.ground.checksum(1, "ledger"))
                        .isEqualTo(cluster.ground.checksum(cluster.number(whole.primary()), "ledger"));
            }
        });
    }

    /** One of three: whether it is the one whose coordinator leads or not, the other two are a majority. */
    @Test
    void aVoterWithoutRoomCostsNothingThatWasAcknowledgedAndVotesAgainWhenThereIsSome() throws Exception {
        with(3, List.of("seat0", "seat1", "seat2"), cluster -> {
            ClusterRecord founded = cluster.record();
            try (Ledger ledger = new Ledger(cluster).begin(cluster.number(founded.primary()))) {
                ledger.resetGap();
                String leader = cluster.leader().orElseThrow().name();
                Path ballast =
                        mounted.get(Integer.parseInt(leader.substring(4))).fill();
                cluster.signal(founded.primary(), "KILL");
                var unused = cluster.await(
                        "another reigns",
                        status -> status.isInOffice()
                                && Objects.requireNonNull(status.record())
                                        .epoch()
                                        .isAfter(founded.epoch()));
                ledger.awaitMore(100);
                System.out.println("full disk of the voter that led, " + leader + ", and the primary killed: gap "
                        + ledger.gap().toMillis() + " ms; now leads "
                        + cluster.leader().map(Coordinator::name));
                Files.delete(ballast);
                ClusterRecord whole = cluster.record();
                ledger.awaitMore(50);
                assertThat(ledger.lostAt(cluster.number(whole.primary()))).isEmpty();
            }
        });
    }

    private static ClusterRecord moveTo(WholeCluster cluster, NodeName node) throws Exception {
        ClusterRecord record = cluster.record();
        if (!record.primary().equals(node)) {
            Reply moved = cluster.leader()
                    .orElseThrow()
                    .switchover(node, false)
                    .get(20, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(moved.done()).as(moved.sentence()).isTrue();
        }
        return cluster.record();
    }
}
