package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM at any moment of the demo's life, and what its next start makes of it. */
@Timeout(300)
class StopWhileStartingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the start has just said: a server runs, the role is up, the cluster begins, applications start, the tiers before them. */
    private static final List<String> MOMENTS = List.of(
            "db. runs, read-only",
            "  db1 +database",
            "Coordinator .* leads",
            "starts ROOT",
            "  app1 +appserver",
            "  web1 +webserver");

    @TempDir
    Path folder;

    @Test
    void whereverAStartIsStoppedAllIsClosedInOrderAndTheNextOneFindsNothingToRepair() {
        int admin = FreePorts.one();
        try (Stack stack = new Stack(folder)) {
            for (String moment : MOMENTS) {
                Child starting = stack.begin("all", admin);
                starting.awaitLine(moment, PATIENCE);
                stopped(starting, moment);
            }
            Child whole = stack.start("all", admin);
            Await.until("an entry is taken", PATIENCE, () -> accepts(stack));
            assertThat(whole.output()).doesNotContain("died in office");
            long began = System.nanoTime();
            stopped(whole, "ready");
            System.out.println("SIGTERM of the whole demo: " + millis(began) + " ms to its end");

            began = System.nanoTime();
            Child again = stack.begin("all", admin);
            Await.until("a write is acknowledged", PATIENCE, () -> accepts(stack));
            System.out.println("java -jar to the first acknowledged write: " + millis(began) + " ms");
            assertThat(again.output()).doesNotContain("died in office");
        }
    }

    private void stopped(Child process, String moment) {
        process.signal(Signal.TERM);
        assertThat(process.awaitExit(PATIENCE))
                .as(moment + "\n" + process.output())
                .isEqualTo(Exit.GOOD);
        assertThat(process.output())
                .as("stopped at " + moment)
                .endsWith("\nstopped")
                .doesNotContain("died in office", "left behind", "could not start", "did not end in order");
        assertThat(ProcessHandle.allProcesses().filter(one -> one.info()
                        .commandLine()
                        .filter(line -> line.contains(folder.toString()))
                        .isPresent()))
                .as("left running at " + moment)
                .isEmpty();
    }

    private static boolean accepts(Stack stack) {
        try {
            return stack.send(stack.post("again")).statusCode() == 201;
        } catch (java.io.UncheckedIOException notYetListening) {
            return false;
        }
    }

    private static long millis(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
