package com.foobar.database.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With real servers, under writes. */
@Timeout(120)
class BackupIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void whatIsBackedUpUnderWritesIsRestoredAndSpoiltOrMisplacedBackupsAreRefused() throws Exception {
        try (TestCluster cluster = new TestCluster()) {
            cluster.startAll(1, 2);
            cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40))");
            cluster.ask(1, Duty.SCHEMA, "CREATE TABLE nothing (id INT PRIMARY KEY)");
            cluster.awaitCaughtUp(2, 1);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            Future<Object> writer = cluster.inBackground(() -> {
                while (!over.get()) {
                    cluster.ask(1, Duty.APPLICATION, "INSERT INTO t (v) VALUES (CONCAT('ünï\\n', UUID()))");
                    written.incrementAndGet();
                }
                return over;
            });
            Await.until("some are written", SOON, () -> written.get() > 50);
            Path to = cluster.root().resolve("backups");
            Backup backup = new Backup(cluster.engine(), cluster.cache(), TestCluster.TIME);
            int before = written.get();
            long began = System.nanoTime();
            String said = backup.take(origin(cluster, 2), new Backup.Wish(to, 0, true, SOON));
            System.out.println(
                    said + " in " + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms, "
                            + (written.get() - before) + " writes meanwhile");
            assertThat(written.get()).as("writes go on").isGreaterThan(before);
            over.set(true);
            writer.get(20, TimeUnit.SECONDS);
            assertThat(said).contains("verified by a restore: 2 tables");

            Path made = only(to);
            Manifest manifest = Manifest.ofWhole(made);
            assertThat(manifest.verified()).isTrue();
            assertThat(manifest.position()).startsWith("0-1-");
            long rows = manifest.tables().get(1).rows();
            assertThat(rows).isBetween(51L, (long) written.get());
            assertThat(entries(made)).containsExactlyInAnyOrder(Manifest.DUMP, Manifest.FILE);

            Path database = cluster.root().resolve("restored");
            assertThat(restore(cluster, made, database)).contains(manifest.position());
            assertThat(entries(database)).containsExactlyInAnyOrder("db1", "db2");
            assertThatThrownBy(() -> restore(cluster, made, database))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("is not empty (db1, db2); nothing was touched");

            byte[] dump = Files.readAllBytes(made.resolve(Manifest.DUMP));
            dump[dump.length / 2] ^= 1;
            Files.write(made.resolve(Manifest.DUMP), dump);
            Path other = cluster.root().resolve("other");
            assertThatThrownBy(() -> restore(cluster, made, other))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("SHA-256 differs");
            assertThat(other).doesNotExist();
        }
    }

    @Test
    void aFailureLeavesNothingAndOnlyAWholeBackupReplacesOlderOnes() throws Exception {
        try (TestCluster cluster = new TestCluster()) {
            cluster.startAll(1, 2);
            cluster.ask(1, Duty.SCHEMA, "CREATE TABLE t (id INT PRIMARY KEY)");
            Path to = Files.createDirectories(cluster.root().resolve("backups"));
            Path old = Files.createDirectory(to.resolve("foobar-" + cluster.name + "-20200101T000000Z"));
            Files.writeString(old.resolve(Manifest.FILE), "{}");
            Path foreign = Files.createDirectory(to.resolve("foobar-" + cluster.name + "-mine"));
            Path left = Files.createDirectory(to.resolve(".foobar-" + cluster.name + "-x.tmp-1"));
            Backup backup = new Backup(cluster.engine(), cluster.cache(), TestCluster.TIME);
            Backup.Wish wish = new Backup.Wish(to, 1, false, SOON);

            Backup.Origin nobody = new Backup.Origin(
                    cluster.name,
                    1,
                    "db7",
                    cluster.at(7),
                    cluster.passwords.of(Duty.BACKUP),
                    Optional.empty(),
                    "app",
                    "a test");
            assertThatThrownBy(() -> backup.take(nobody, wish)).hasMessageContaining("db7");
            assertThat(old).exists();
            assertThat(left).doesNotExist();
            assertThat(folders(to)).containsExactlyInAnyOrder(old, foreign);

            assertThat(backup.take(origin(cluster, 1), wish)).contains("not verified", "1 older removed");
            assertThat(old).doesNotExist();
            assertThat(folders(to)).hasSize(2).contains(foreign);
        }
    }

    private static Backup.Origin origin(TestCluster cluster, int node) {
        return new Backup.Origin(
                cluster.name,
                1,
                "db" + node,
                cluster.at(node),
                cluster.passwords.of(Duty.BACKUP),
                Optional.empty(),
                TestCluster.SCHEMA,
                "a test");
    }

    private static String restore(TestCluster cluster, Path backup, Path database) throws Exception {
        return Restore.run(
                backup,
                cluster.engine(),
                cluster.cache(),
                database,
                cluster.name,
                TestCluster.SCHEMA,
                List.of("db1", "db2"),
                Optional.empty(),
                TestCluster.TIME);
    }

    private static Path only(Path folder) throws Exception {
        List<Path> all = folders(folder);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static List<Path> folders(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    private static List<String> entries(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).toList();
        }
    }
}
