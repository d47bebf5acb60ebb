package com.foobar.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few rounds of what {@code bench/chaos} does at length: nothing acknowledged is lost, nobody out of office acknowledges. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosIT {
    private static final Path JAR =
            Path.of("..", "launcher", "target", "launcher.jar").toAbsolutePath().normalize();

    /** Changes from run to run, so that CI does not show the same moments for ever; a failure names it. */
    private final long seed = System.nanoTime() % 1_000;

    @BeforeEach
    void thereIsTheProgram() {
        assertThat(JAR).as("built by mvn -pl launcher,bench -am package").exists();
    }

    @Test
    void killedAndStoppedServersLoseNothing() throws Exception {
        survives(List.of(Fault.KILL, Fault.HANG, Fault.KILL), 6);
    }

    @Test
    void cutMachinesLostReplicationAndAKilledCoordinatorLoseNothing() throws Exception {
        Tools.requireNetworkNamespaces();
        Path unused = Tools.require("nft");
        survives(List.of(Fault.CUT, Fault.REPLICATION_CUT, Fault.LEADER_KILLED, Fault.CUT), 4);
    }

    private void survives(List<Fault> faults, int rounds) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "chaos")).resolve("it-" + seed + "-" + faults.size());
        List<Round> done = new Campaign(JAR, folder, seed, System.out).run(faults, rounds);
        assertThat(done).hasSize(rounds);
        assertThat(done.stream().filter(round -> !round.isGood()).map(Round::line))
                .as("seed %s, evidence in %s", seed, folder)
                .isEmpty();
    }
}
