package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.act.NodeFailure;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeProcessIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private TestCluster cluster;

    @BeforeEach
    void oneNode() throws Exception {
        cluster = new TestCluster();
        cluster.provision(1);
    }

    @AfterEach
    void nothingLeft() throws Exception {
        cluster.close();
    }

    @Test
    void aTakenPortIsNamedWithItsHolderAndTheKeyThatChangesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(cluster.at(1).port(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                            .contains("database-cluster.port"))
                    .hasMessageContaining("127.0.0.1:" + cluster.at(1).port())
                    .hasMessageContaining("this process");
        }
        assertThat(cluster.start(1).isAlive())
                .as("the failure left nothing behind")
                .isTrue();
    }

    @Test
    void aForeignDatabaseServerOnThePortIsToldFromOurs() throws Exception {
        cluster.start(1);
        try (TestCluster other = new TestCluster()) {
            other.provision(1);
            NodeLaunch launch = other.launch(1);
            NodeSettings collision = NodeSettings.small(1, cluster.at(1), Durability.DEMO);
            assertThatThrownBy(() -> NodeProcess.start(
                            new NodeLaunch(
                                    launch.engine(),
                                    launch.folder(),
                                    collision,
                                    launch.cluster(),
                                    launch.accounts(),
                                    launch.portKey(),
                                    SOON),
                            TestCluster.TIME))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("-MariaDB")
                    .hasMessageContaining("is not this node");
        }
    }

    @Test
    void dataOfOthersIsRefused() throws Exception {
        Path identity = cluster.folder(1).data().resolve(NodeIdentity.FILE);
        String ours = Files.readString(identity);

        Files.writeString(
                identity, new NodeIdentity("other", "db9", cluster.engine().version()).text());
        assertThatThrownBy(() -> cluster.start(1)).hasMessageContaining("node db9 of another cluster (other, not");

        Files.writeString(
                identity, new NodeIdentity(cluster.name, "db1", new EngineVersion("MariaDB", 11, 8, 2)).text());
        assertThatThrownBy(() -> cluster.start(1)).hasMessageContaining("last used by MariaDB 11.8.2");

        Files.delete(identity);
        assertThatThrownBy(() -> cluster.start(1)).hasMessageContaining("it may be anybody's");

        Files.writeString(identity, ours);
        assertThat(cluster.start(1).isAlive()).isTrue();
    }

    @Test
    void ofTwoStartsAtOnceOneRunsAndTheOtherSaysWhyNot() throws Exception {
        List<Future<NodeProcess>> starts =
                List.of(cluster.inBackground(() -> cluster.start(1)), cluster.inBackground(() -> cluster.start(1)));
        List<String> failures = new ArrayList<>();
        for (Future<NodeProcess> start : starts) {
            try {
                assertThat(start.get(60, TimeUnit.SECONDS).isAlive()).isTrue();
            } catch (ExecutionException e) {
                failures.add(e.getMessage());
            }
        }
        assertThat(failures).singleElement().asString().contains("is in use by another process");
    }

    @Test
    void aStoppedServerIsKilledAtTheDeadline() throws Exception {
        NodeProcess node = cluster.start(1);
        signal(node, "STOP");
        long began = System.nanoTime();
        assertThat(node.stop(Duration.ofMillis(500))).isEqualTo(Stopped.KILLED);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println("stop of a SIGSTOPped server with a deadline of 500 ms: " + took.toMillis() + " ms");
        assertThat(took).isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        node.close();
        assertThat(cluster.start(1).isAlive()).isTrue();
    }

    @Test
    void theEndOfAServerIsKnownAtOnceAndExplained() throws Exception {
        NodeProcess node = cluster.start(1);
        CompletableFuture<NodeExit> exit = node.onExit();
        long began = System.nanoTime();
        signal(node, "KILL");
        NodeExit end = exit.get(5, TimeUnit.SECONDS);
        System.out.println("kill -9 from outside to the signal: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        assertThat(end.code()).isEqualTo(128 + 9);
        assertThat(end.wanted()).isFalse();
        assertThat(node.stop(SOON)).isEqualTo(Stopped.BEFORE);
    }

    @Test
    void anInterruptFromTheTerminalDoesNotEndTheServer() throws Exception {
        NodeProcess node = cluster.start(1);
        signal(node, "INT");
        signal(node, "HUP");
        cluster.ask(1, Duty.MONITOR, "SELECT 1");
        assertThat(node.isAlive()).isTrue();
    }

    @Test
    void theServerOfAKilledProgramIsEndedAtTheNextStart() throws Exception {
        try (Children children = new Children()) {
            Child program = startedElsewhere(children);
            ProcessHandle orphan = orphanOf(program);
            assertThat(orphan.isAlive()).isTrue();

            NodeProcess node = cluster.start(1);
            assertThat(ProcessStamp.of(orphan)).isEmpty();
            assertThat(node.pid()).isNotEqualTo(orphan.pid());
        }
    }

    @Test
    void aServerWhoseNumberWasNeverWrittenDownIsFoundByItsArguments() throws Exception {
        try (Children children = new Children()) {
            Child program = startedElsewhere(children);
            ProcessHandle orphan = orphanOf(program);
            // As if the program had been killed between the start and the note of it.
            new ProcessMark(Optional.empty(), "", cluster.folder(1).root().resolve("s.sock"))
                    .write(cluster.folder(1).mark());

            assertThat(cluster.start(1).isAlive()).isTrue();
            assertThat(ProcessStamp.of(orphan)).isEmpty();
        }
    }

    @Test
    void aProcessThatHasTheNumberByChanceIsLeftAlone() throws Exception {
        try (Children children = new Children()) {
            Child bystander = children.start("bystander", List.of("sleep", "600"));
            new ProcessMark(
                            Optional.of(bystander.pid()),
                            "another-boot/1",
                            cluster.folder(1).root().resolve("s.sock"))
                    .write(cluster.folder(1).mark());
            assertThat(cluster.start(1).isAlive()).isTrue();
            assertThat(ProcessHandle.of(bystander.pid()).filter(ProcessHandle::isAlive))
                    .isPresent();
        }
    }

    @Test
    void aFolderTooDeepForASocketAndWithAHashInItsNameServes() throws Exception {
        Path deep = cluster.root().resolve("x#".repeat(40)).resolve("y z".repeat(20));
        NodeFolder folder = NodeFolder.at(deep);
        Provisioning.fromTemplate(cluster.engine(), cluster.cache(), folder, cluster.identity(1), TestCluster.TIME);
        NodeLaunch launch = cluster.launch(1);
        NodeProcess node = cluster.started(
                1,
                NodeProcess.start(
                        new NodeLaunch(
                                launch.engine(),
                                folder,
                                launch.settings(),
                                launch.cluster(),
                                launch.accounts(),
                                launch.portKey(),
                                SOON),
                        TestCluster.TIME));
        assertThat(node.socket().toString().length()).isLessThan(108);
        Path socketFolder = node.socket().getParent();
        cluster.ask(1, Duty.MONITOR, "SELECT 1");
        node.close();
        assertThat(socketFolder).doesNotExist();
    }

    @Test
    void damagedDataFailsWithTheServersOwnWords() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(cluster.folder(1).data().resolve("ibdata1").toFile(), "rw")) {
            file.setLength(100);
        }
        assertThatThrownBy(() -> cluster.start(1))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("ended while it was starting")
                .hasMessageContaining("ibdata1");
    }

    @Test
    void aFullServerAndAHungOneAreToldApart() throws Exception {
        NodeProcess node = cluster.start(1);
        signal(node, "STOP");
        long began = System.nanoTime();
        assertThatThrownBy(() -> com.foobar.database.act.NodeSession.open(
                        cluster.target(1, Duty.MONITOR),
                        new com.foobar.database.act.Bounds(Duration.ofMillis(250), Duration.ofMillis(250))))
                .isInstanceOfSatisfying(
                        NodeFailure.class, failure -> assertThat(failure.kind()).isEqualTo(NodeFailure.Kind.TIMEOUT));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        signal(node, "CONT");
        cluster.ask(1, Duty.MONITOR, "SELECT 1");
        assertThat(node.kill()).isEqualTo(Stopped.KILLED);
        assertThatThrownBy(() -> cluster.ask(1, Duty.MONITOR, "SELECT 1"))
                .isInstanceOfSatisfying(
                        NodeFailure.class, failure -> assertThat(failure.kind()).isEqualTo(NodeFailure.Kind.REFUSED));
    }

    private Child startedElsewhere(Children children) throws Exception {
        return children.start(
                "program",
                Children.java(
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartedElsewhere.class.getName(),
                        TestCluster.place().toString(),
                        cluster.cache().toString(),
                        cluster.folder(1).root().toString(),
                        Integer.toString(FreePorts.one()),
                        cluster.name));
    }

    /** The server of a program that is killed when its server is up; the server itself is not in the program's process tree then. */
    private static ProcessHandle orphanOf(Child program) {
        String line = program.awaitLine("READY [0-9]+", SOON);
        ProcessHandle server =
                ProcessHandle.of(Long.parseLong(line.replaceAll("[^0-9]", ""))).orElseThrow();
        ProcessHandle parent = ProcessHandle.of(program.pid()).orElseThrow();
        boolean unused = parent.destroyForcibly();
        Await.until("the program is dead", SOON, () -> ProcessStamp.of(parent).isEmpty());
        return server;
    }

    private static void signal(NodeProcess node, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(node.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
