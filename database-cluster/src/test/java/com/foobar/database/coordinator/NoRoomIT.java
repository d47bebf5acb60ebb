package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.testkit.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks that are full: small file systems in memory, which takes root. */
@Timeout(240)
class NoRoomIT {
    private final List<Path> mounted = new ArrayList<>();

    @BeforeEach
    void mayMount() {
        Tools.requireRoot();
    }

    private interface Body {
        void run(WholeCluster cluster) throws Exception;
    }

    private void with(int seats, List<String> disks, Body body) throws Exception {
        Consumer<Path> mounts = root -> disks.forEach(name -> mount(root.resolve(name)));
        try (WholeCluster cluster = new WholeCluster(3, seats, Policy.DEFAULT, false, mounts)) {
            try {
                body.run(cluster);
            } finally {
                for (Path disk : mounted) {
                    // Lazily, and while all still runs: who is closed removes the folders.
                    run(Tools.require("umount").toString(), "-l", disk.toString());
                }
            }
        }
    }

    @Test
    void aPrimaryWithoutRoomIsReplacedAndWellAgainWhenThereIsSome() throws Exception {
        with(1, List.of("n1"), cluster -> {
            ClusterRecord founded = moveTo(cluster, new NodeName("db1"));
            try (Ledger ledger = new Ledger(cluster).begin(1)) {
                ledger.resetGap();
                Path ballast = fill(mounted.get(0));
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
                Path ballast = fill(mounted.get(Integer.parseInt(leader.substring(4))));
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

    private void mount(Path folder) {
        try {
            Path disk = Files.createDirectories(folder);
            run(
                    Tools.require("mount").toString(),
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=256m,mode=0700",
                    "tmpfs",
                    disk.toString());
            mounted.add(disk);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** To the last byte. */
    private static Path fill(Path disk) throws IOException {
        Path ballast = disk.resolve("ballast");
        byte[] piece = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return ballast;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
