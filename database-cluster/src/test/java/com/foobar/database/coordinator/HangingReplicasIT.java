package com.foobar.database.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.NodeName;
import com.foobar.testkit.Await;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody can acknowledge and nobody can say what it has: the primary alone is no proof, and nothing must be answered by it. */
@Timeout(180)
class HangingReplicasIT {
    private static final Duration HANG = Duration.ofSeconds(10);

    /** Longer than a keeper suffers a primary on which nothing moves. */
    @Test
    void allReplicasHangForTenSecondsAndNothingAcknowledgedIsLost() throws Exception {
        try (WholeCluster cluster = new WholeCluster(3, 1)) {
            ClusterRecord founded = cluster.record();
            Set<NodeName> replicas = founded.ackers().keySet();
            assertThat(replicas).hasSize(2);
            try (Ledger ledger = new Ledger(cluster).begin(cluster.number(founded.primary()))) {
                ledger.resetGap();
                for (NodeName replica : replicas) {
                    cluster.signal(replica, "STOP");
                }
                long began = System.nanoTime();
                Await.until(
                        "they have hung for long enough",
                        HANG.multipliedBy(2),
                        () -> System.nanoTime() - began > HANG.toNanos());
                int answered = ledger.size();
                for (NodeName replica : replicas) {
                    cluster.signal(replica, "CONT");
                }
                long healed = System.nanoTime();
                ledger.awaitMore(100);
                System.out.printf(
                        "all replicas hung for 10 s: %d answered meanwhile in all, 100 more %d ms after it, gap %d ms, %d failed%n",
                        answered,
                        (System.nanoTime() - healed) / 1_000_000,
                        ledger.gap().toMillis(),
                        ledger.failures());
                ClusterRecord whole = cluster.record();
                System.out.println("primary before " + founded.primary() + " in " + founded.epoch() + ", now "
                        + whole.primary() + " in " + whole.epoch());
                assertThat(ledger.gap()).as("nobody could acknowledge").isGreaterThan(HANG.minusSeconds(1));
                assertThat(ledger.lostAt(cluster.number(whole.primary()))).isEmpty();
                for (NodeName node : whole.ackers().keySet()) {
                    cluster.ground.awaitCaughtUp(cluster.number(node), cluster.number(whole.primary()));
                    assertThat(ledger.lostAt(cluster.number(node)))
                            .as(node.text())
                            .isEmpty();
                }
            }
        }
    }
}
