package com.foobar.database.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backup onto a disk that is too small for the dump, then for its verification, then large enough. */
@Timeout(120)
class FullDiskIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void aBackupThatDoesNotFitSaysSoLeavesNothingAndServesOn() throws Exception {
        try (TestCluster cluster = new TestCluster()) {
            cluster.startAll(1, 2);
            cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY, v LONGBLOB)");
            for (int i = 0; i < 40; i++) {
                cluster.ask(
                        1,
                        Duty.APPLICATION,
                        "INSERT INTO t VALUES (" + i + ", RANDOM_BYTES(1024)), (" + (100 + i)
                                + ", REPEAT(SHA2(RAND(), 512), 1024))");
            }
            for (int i = 1000; i < 1032; i++) {
                cluster.ask(
                        1,
                        Duty.APPLICATION,
                        "INSERT INTO t SELECT " + i + "*1000+id, RANDOM_BYTES(1024) FROM t WHERE id<100");
            }
            cluster.awaitCaughtUp(2, 1);
            try (SmallDisk disk = SmallDisk.at(cluster.root().resolve("disk"), "1m")) {
                fails(cluster, disk.folder(), false);
                disk.resize("8m");
                fails(cluster, disk.folder(), true);
                disk.resize("256m");
                assertThat(take(cluster, disk.folder(), true)).contains("verified by a restore");
            }
        }
    }

    private static void fails(TestCluster cluster, Path disk, boolean verify) throws Exception {
        assertThatThrownBy(() -> take(cluster, disk, verify))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("the disk is full");
        try (Stream<Path> left = Files.list(disk)) {
            assertThat(left).allMatch(one -> one.toString().endsWith(".lock"));
        }
        // Nobody's commits are held for a backup that failed.
        cluster.ask(1, Duty.APPLICATION, "INSERT INTO t VALUES (" + System.nanoTime() % 1_000_000_000 + ", 'on')");
    }

    private static String take(TestCluster cluster, Path to, boolean verify) throws Exception {
        return new Backup(cluster.engine(), cluster.cache(), TestCluster.TIME)
                .take(
                        new Backup.Origin(
                                cluster.name,
                                1,
                                "db2",
                                cluster.at(2),
                                cluster.passwords.of(Duty.BACKUP),
                                Optional.empty(),
                                TestCluster.SCHEMA,
                                "a test"),
                        new Backup.Wish(to, 0, verify, SOON));
    }
}
