package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every voter reaches every other through a link of its own. */
class CutFollowerIT {

    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    Path folder;

    private final Map<String, HostPort> addresses = Voters.freshAddresses(NAMES);
    private final Map<String, FaultProxy> links = new TreeMap<>();
    private Voters voters;

    @BeforeEach
    void start() throws Exception {
        voters = new Voters(folder, "a", "b", "c");
        for (String from : NAMES) {
            Map<String, HostPort> seen = new TreeMap<>();
            for (String to : NAMES) {
                seen.put(to, from.equals(to) ? addresses.get(to) : link(from, to));
            }
            RatisQuorum unused = voters.start(VoterSettings.of("orders", from, seen, folder.resolve(from)));
        }
    }

    private HostPort link(String from, String to) {
        FaultProxy link = FaultProxy.to(addresses.get(to).port());
        links.put(from + to, link);
        return new HostPort("127.0.0.1", link.port());
    }

    @AfterEach
    void close() {
        voters.close();
        links.values().forEach(FaultProxy::close);
    }

    private List<FaultProxy> linksOf(String voter) {
        return links.entrySet().stream()
                .filter(link -> link.getKey().contains(voter))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Test
    void oneThatWasCutOffIsHeardAgainThoughItsOldConnectionsStayDead() throws Exception {
        String leader = voters.awaitLeader();
        List<String> others =
                NAMES.stream().filter(name -> !name.equals(leader)).toList();
        String away = others.get(0);
        linksOf(away).forEach(FaultProxy::blackHole);
        Await.until(
                "it has missed its leader",
                Voters.PATIENCE,
                () -> voters.get(away).standing(),
                standing -> standing.leader().isEmpty());
        long term = confirm(voters.get(leader)).term();
        linksOf(away).forEach(FaultProxy::healForNewOnes);
        Await.until(
                "it follows again", Voters.PATIENCE, () -> voters.get(away).standing(), standing -> standing.leader()
                        .isPresent());
        // Without the other one it is needed.
        linksOf(others.get(1)).forEach(FaultProxy::blackHole);
        Confirmed now = Await.until("a majority answers", Voters.PATIENCE, this::confirmed, Objects::nonNull);
        assertThat(now.term()).as("who led, leads on").isEqualTo(term);
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
