package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutFollowerIT {

    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    Path folder;

    private Links links;
    private Voters voters;

    @BeforeEach
    void start() throws Exception {
        links = new Links(folder, NAMES);
        voters = links.voters;
    }

    @AfterEach
    void close() {
        links.close();
    }

    @Test
    void oneThatWasCutOffIsHeardAgainThoughItsOldConnectionsStayDead() throws Exception {
        String leader = voters.awaitLeader();
        List<String> others =
                NAMES.stream().filter(name -> !name.equals(leader)).toList();
        String away = others.get(0);
        links.of(away).forEach(FaultProxy::blackHole);
        Await.until(
                "it has missed its leader",
                Voters.PATIENCE,
                () -> voters.get(away).standing(),
                standing -> standing.leader().isEmpty());
        long term = confirm(voters.get(leader)).term();
        links.of(away).forEach(FaultProxy::healForNewOnes);
        Await.until(
                "it follows again", Voters.PATIENCE, () -> voters.get(away).standing(), standing -> standing.leader()
                        .isPresent());
        // Without the other one it is needed.
        links.of(others.get(1)).forEach(FaultProxy::blackHole);
        Confirmed now = Await.until("a majority answers", Voters.PATIENCE, this::confirmed, Objects::nonNull);
        // Not who answers: on a machine without a processor to spare others are elected meanwhile.
        assertThat(now.term()).isGreaterThanOrEqualTo(term);
    }

    private Confirmed confirmed() {
        String leader = voters.confirming();
        try {
            return leader == null ? null : confirm(voters.get(leader));
        } catch (ExecutionException e) {
            return null;
        }
    }
}
