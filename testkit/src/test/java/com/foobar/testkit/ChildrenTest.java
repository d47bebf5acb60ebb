package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildrenTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final Children children = new Children();

    @AfterEach
    void close() {
        children.close();
    }

    private Child shell(String script) {
        return children.start("shell", List.of("sh", "-c", script));
    }

    /** The process id a child has printed after this word. */
    private static ProcessHandle printed(Child child, String word) {
        String line = child.awaitLine(word + " [0-9]+", LONG);
        return ProcessHandle.of(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .orElseThrow();
    }

    private static void awaitDeath(ProcessHandle process) {
        Await.until(
                "process " + process.pid() + " is dead",
                Duration.ofSeconds(10),
                () -> !process.isAlive() || ProcessTree.isZombie(process.pid()));
    }

    @Test
    void capturesBothStreamsAndTheExitStatus() {
        Child child = shell("echo out; echo err >&2; exit 3");
        assertThat(child.awaitLine("^e", LONG)).isEqualTo("err");
        assertThat(child.awaitExit(LONG)).isEqualTo(3);
        assertThat(child.lines()).containsExactly("out", "err");
    }

    @Test
    void failsAtOnceWithTheLastWordsOfAChildThatEndsWithoutTheLine() {
        Child child = shell("echo cannot open the file; exit 7");
        assertThatThrownBy(() -> child.awaitLine("ready", LONG))
                .hasMessageContaining("/ready/")
                .hasMessageContaining("cannot open the file");
    }

    @Test
    void failsAtTheDeadlineOfAChildThatIsSilent() {
        Child child = shell("exec sleep 600");
        assertThatThrownBy(() -> child.awaitLine("ready", SHORT)).hasMessageContaining("alive");
        assertThatThrownBy(() -> child.awaitExit(SHORT)).hasMessageContaining("has not ended");
    }

    @Test
    void killsTheGrandchildrenToo() {
        Child child = shell("sleep 600 & echo grandchild $!; wait");
        ProcessHandle grandchild = printed(child, "grandchild");
        assertThat(grandchild.isAlive()).isTrue();
        children.close();
        assertThat(child.isAlive()).isFalse();
        awaitDeath(grandchild);
    }

    @Test
    void killsGrandchildrenWhoseParentIsDeadAndWhoHideInASessionOfTheirOwn() {
        assertThat(Files.isDirectory(Path.of("/proc/self"))).as("needs Linux").isTrue();
        // The middle shell dies at once; its child then belongs to init and to no tree of ours.
        Child child = shell("sh -c 'setsid sleep 600 & echo orphan $!'; exec sleep 600");
        ProcessHandle orphan = printed(child, "orphan");
        Await.until("the orphan has lost its parent", LONG, () -> orphan.parent()
                .map(parent -> parent.pid() == 1)
                .orElse(true));
        children.close();
        awaitDeath(orphan);
    }

    @Test
    void killsTheGrandchildrenOfAChildThatHasEndedByItself() {
        Child child = shell("sleep 600 > /dev/null 2>&1 & echo grandchild $!");
        ProcessHandle grandchild = printed(child, "grandchild");
        assertThat(child.awaitExit(LONG)).isZero();
        assertThat(grandchild.isAlive()).isTrue();
        children.close();
        awaitDeath(grandchild);
    }

    @Test
    void stopsContinuesAndTerminates() {
        Child child = shell("trap 'echo bye; exit 5' TERM; while true; do echo tick; sleep 0.02; done");
        child.awaitLine("tick", LONG);
        child.signal(Signal.STOP);
        Await.until("it is stopped", LONG, () -> isStopped(child.pid()));
        child.signal(Signal.CONT);
        Await.until("it goes on", LONG, () -> !isStopped(child.pid()));
        int before = child.lines().size();
        Await.until("it ticks again", LONG, () -> child.lines().size() > before + 1);
        child.signal(Signal.TERM);
        assertThat(child.awaitExit(LONG)).isEqualTo(5);
        assertThat(child.output()).endsWith("bye");
    }

    @Test
    void killsAStoppedChild() {
        Child child = shell("echo up; exec sleep 600");
        child.awaitLine("up", LONG);
        child.signal(Signal.STOP);
        child.kill();
        assertThat(child.isAlive()).isFalse();
        assertThatThrownBy(() -> child.signal(Signal.TERM)).hasMessageContaining("cannot be sent TERM");
    }

    @Test
    void theyDieWithATestJvmThatIsCancelled() {
        Child jvm = childJvm();
        ProcessHandle grandchild = printed(jvm, "grandchild");
        jvm.signal(Signal.TERM);
        jvm.awaitExit(LONG);
        awaitDeath(grandchild);
    }

    @Test
    void whatAKilledTestJvmLeftIsKilledByTheNext() {
        Child jvm = childJvm();
        ProcessHandle grandchild = printed(jvm, "grandchild");
        jvm.signal(Signal.KILL);
        jvm.awaitExit(LONG);
        assertThat(grandchild.isAlive()).isTrue();
        new Children().close();
        awaitDeath(grandchild);
    }

    @Test
    void runsAnotherJdk() {
        Child child = children.start("java", Children.java(Jdks.newest(), "-version"));
        int feature = Jdks.newest().version().feature();
        assertThat(child.awaitLine("version", LONG)).contains("\"" + feature);
        assertThat(child.awaitExit(LONG)).isZero();
    }

    private Child childJvm() {
        return children.start(
                "jvm",
                Children.java(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Objects.requireNonNull(System.getProperty("java.class.path")),
                        Cancelled.class.getName()));
    }

    private static boolean isStopped(long pid) {
        return Command.run("sh", "-c", "cut -d' ' -f3 /proc/" + pid + "/stat")
                .orFail()
                .strip()
                .equals("T");
    }

    /** A test JVM in the middle of a test: it has a child, and is about to be cancelled. */
    static final class Cancelled {
        public static void main(String[] arguments) throws InterruptedException {
            Children own = new Children();
            Child child = own.start("sleeper", List.of("sleep", "600"));
            System.out.println("grandchild " + child.pid());
            Thread.currentThread().join();
        }
    }
}
