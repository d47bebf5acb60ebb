package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.storage.FolderSync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterStartIT {

    /** What the project wants is printed; what is asserted leaves room for a busy machine. */
    private static final Duration SLOWEST = Duration.ofSeconds(20);

    @Test
    void aPrimaryAndTwoReplicasConfirmAWriteSoonAfterNothingWasThere() throws Exception {
        Path cache = TestCluster.work("cache");
        try {
            Duration first;
            try (TestCluster cluster = new TestCluster(cache)) {
                first = untilTheFirstConfirmedWrite(cluster, "CREATE TABLE t (id INT PRIMARY KEY)");
                String memory = IntStream.of(1, 2, 3)
                        .mapToObj(node ->
                                cluster.node(node).memory().orElseThrow().toString())
                        .toList()
                        .toString();
                System.out.println(
                        "very first start, unpacking and bootstrapping: " + first.toMillis() + " ms (goal 5000)");
                System.out.println("resident memory per node: " + memory);
                for (int node : new int[] {1, 2, 3}) {
                    long began = System.nanoTime();
                    assertThat(cluster.node(node).stop(Duration.ofSeconds(10))).isEqualTo(Stopped.CLEANLY);
                    System.out.println("stop of node " + node + ": "
                            + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
                    cluster.node(node).close();
                }
                Duration again = untilTheFirstConfirmedWrite(cluster, "INSERT INTO t VALUES (1)");
                System.out.println("start again with its data: " + again.toMillis() + " ms (goal 1500)");
                assertThat(again).isLessThan(SLOWEST);
            }
            try (TestCluster cluster = new TestCluster(cache)) {
                Duration fresh = untilTheFirstConfirmedWrite(cluster, "CREATE TABLE t (id INT PRIMARY KEY)");
                System.out.println(
                        "start of a new cluster, engine and template there: " + fresh.toMillis() + " ms (goal 1500)");
                assertThat(fresh).isLessThan(SLOWEST);
            }
            assertThat(first).isLessThan(SLOWEST);
        } finally {
            FolderSync.delete(cache);
        }
    }

    /** The server itself confirms only what a replica has acknowledged, so that the answer is the proof. */
    private static Duration untilTheFirstConfirmedWrite(TestCluster cluster, String write) throws Exception {
        long began = System.nanoTime();
        cluster.startAll(1, 2, 3);
        cluster.ask(1, Duty.SCHEMA, write);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(cluster.status(1).semiSync().asSource()).isTrue();
        assertThat(cluster.status(1).readOnly()).isFalse();
        assertThat(cluster.status(2).readOnly()).isTrue();
        return took;
    }
}
