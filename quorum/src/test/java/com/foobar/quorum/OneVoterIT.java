package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static com.foobar.quorum.Voters.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneVoterIT {

    @TempDir
    Path folder;

    private Voters voters;

    @BeforeEach
    void start() throws Exception {
        voters = new Voters(folder, "a");
        voters.startAll();
    }

    @AfterEach
    void close() {
        voters.close();
    }

    @Test
    void leadsAloneAndInANewTermAfterEachStart() throws Exception {
        Quorum alone = voters.get(voters.awaitLeader());
        Confirmed first = confirm(alone);
        assertThat(write(alone, 0, "kept", first.term())).isEqualTo(new Written.Done(1));
        voters.stopAll();
        Quorum again = voters.start("a");
        voters.awaitLeader();
        Confirmed second = confirm(again);
        assertThat(second.term()).isGreaterThan(first.term());
        assertThat(second.content()).isEqualTo("kept");
        assertThat(write(again, 1, "late", first.term())).isEqualTo(new Written.Deposed(second.term()));
    }

    @Test
    void takesTheLeaseAgainInANewTermAfterSteppingDown() throws Exception {
        Quorum alone = voters.get(voters.awaitLeader());
        long term = alone.standing().term();
        alone.stepDown();
        Await.until(
                "it leads in a newer term",
                Voters.PATIENCE,
                () -> alone.standing().leads() && alone.standing().term() > term);
    }

    @Test
    void manyWritesLeaveASmallFolder() throws Exception {
        long written = voters.fill(20_000);
        Await.until("old segments are gone", Voters.PATIENCE, () -> bytes(folder), size -> size < 8_000_000);
        voters.stopAll();
        Quorum again = voters.start("a");
        voters.awaitLeader();
        assertThat(confirm(again).version()).isEqualTo(written);
    }

    @Test
    void namesAPortThatIsTakenAndTheKeyThatChangesIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            HostPort taken = new HostPort("127.0.0.1", other.getLocalPort());
            VoterSettings settings = VoterSettings.of("orders", "b", Map.of("b", taken), folder.resolve("b"));
            assertThatThrownBy(() -> voters.start(settings))
                    .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                            .contains("database-cluster.quorum-port"))
                    .hasMessageContaining(taken.toString());
        }
    }

    @Test
    void refusesTheFolderOfAnotherClusterOfAnotherVoterAndOfOtherVoters() throws Exception {
        VoterSettings own = voters.settings("a");
        voters.stopAll();
        VoterSettings otherCluster = VoterSettings.of("shop", "a", own.voters(), own.folder());
        assertThatThrownBy(() -> voters.start(otherCluster))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(
                        "belongs to cluster orders, voter a, founded by a; this is cluster shop, voter a");
        Map<String, HostPort> more = Voters.freshAddresses(List.of("a", "b", "c"));
        assertThatThrownBy(() -> voters.start(VoterSettings.of("orders", "b", more, own.folder())))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(
                        "belongs to cluster orders, voter a, founded by a; this is cluster orders, voter b");
        assertThatThrownBy(() -> voters.start(VoterSettings.of("orders", "a", more, own.folder())))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("was founded by a; the configuration names a, b, c");
        Quorum again = voters.start(own);
        voters.awaitLeader();
        assertThat(again.standing().leads()).isTrue();
    }

    @Test
    void refusesAFolderInUse() {
        VoterSettings second = VoterSettings.of("orders", "a", Voters.freshAddresses(List.of("a")), voters.folder("a"));
        assertThatThrownBy(() -> voters.start(second)).isInstanceOf(StartFailure.class);
    }

    @Test
    void closesQuicklyAndAnswersNothingAfterwards() {
        Quorum alone = voters.get(voters.awaitLeader());
        long began = System.nanoTime();
        alone.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(Voters.confirms(alone)).isFalse();
        assertThat(alone.standing().leads()).isFalse();
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
