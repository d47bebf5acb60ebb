package com.foobar.http.pool;

import static com.foobar.http.pool.Pools.assertExact;
import static com.foobar.http.pool.Pools.backend;
import static com.foobar.http.pool.Pools.once;
import static com.foobar.http.pool.Pools.order;
import static com.foobar.http.pool.Pools.pick;
import static com.foobar.http.pool.Pools.server;
import static com.foobar.http.pool.Pools.servers;
import static com.foobar.http.pool.Pools.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.foobar.http.pool.Balance.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Round robin against everything it got wrong elsewhere (anchors, RR1 to RR7). */
class RotationTest {
    private static final Balance RR = Balance.of(Kind.ROUNDROBIN);

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ROUNDROBIN", "STATIC_RR"})
    void weightsAreSpreadSmoothly(Kind kind) {
        Pool pool = up(kind, List.of(server("a", 5), server("b", 1), server("c", 1)));
        assertThat(order(pool, 21)).isEqualTo("aabacaa".repeat(3));
    }

    @Test
    void anyWeightsGiveTheOrderOfTheTextbook() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(7);
            int[] weights = random.ints(size, 1, 1 + (round % 2 == 0 ? 6 : 256)).toArray();
            List<BackendSettings> servers = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                servers.add(server(String.valueOf((char) ('a' + i)), weights[i]));
            }
            assertThat(order(up(Kind.ROUNDROBIN, servers), 300))
                    .as("seed %d, weights %s", seed, weights)
                    .isEqualTo(textbook(weights, 300));
        }
    }

    private static String textbook(int[] weights, int picks) {
        int[] current = new int[weights.length];
        StringBuilder order = new StringBuilder();
        for (int pick = 0; pick < picks; pick++) {
            int best = 0;
            int total = 0;
            for (int i = 0; i < weights.length; i++) {
                current[i] += weights[i];
                total += weights[i];
                best = current[i] > current[best] ? i : best;
            }
            current[best] -= total;
            order.append((char) ('a' + best));
        }
        return order.toString();
    }

    @Test
    void aReloadAfterEveryPickDoesNotRestartTheRotation() {
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b", "c"));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            counts.merge(once(pool), 1, Integer::sum);
            pool.replace(servers("a", "b", "c"), RR);
        }
        assertThat(counts).isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
    }

    @Test
    void aReloadThatReordersOrChangesTheAddressKeepsThePlace() {
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b", "c"));
        assertThat(once(pool)).isEqualTo("a");
        BackendSettings moved = BackendSettings.of("b", new Address("10.0.0.9", 80));
        pool.replace(List.of(server("a"), server("c"), moved), RR);
        assertThat(backend(pool, "b").health().checked()).isEqualTo(Checked.UNKNOWN);
        backend(pool, "b").verdict(true, 0);
        assertThat(order(pool, 5)).isEqualTo("cbacb");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eightThreadsShareOneRotation(boolean reloading) throws Exception {
        int threads = 8;
        int each = 100_000;
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b", "c"));
        String[] log = new String[threads * each];
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService all = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                ends.add(all.submit(() -> {
                    start.await();
                    for (int i = 0; i < each; i++) {
                        Pick.Chosen chosen = pick(pool);
                        log[(int) chosen.sequence()] = chosen.backend().name();
                        pool.release(chosen.backend());
                    }
                    return null;
                }));
            }
            while (reloading && ends.stream().anyMatch(end -> !end.isDone())) {
                pool.replace(servers("a", "b", "c"), RR);
            }
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        } finally {
            all.shutdownNow();
        }
        assertThat(log).doesNotContainNull();
        assertExact(List.of(log), "a", "b", "c");
        assertThat(pool.members(0)).allMatch(one -> one.inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void theShareOfADeadServerIsSpreadEvenly(int picksBefore) {
        for (String dead : List.of("a", "b", "c", "d")) {
            Pool pool = up(Kind.ROUNDROBIN, servers("a", "b", "c", "d"));
            List<String> log = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                if (i == picksBefore) {
                    backend(pool, dead).verdict(false, 0);
                } else if (i == 50) {
                    backend(pool, dead).verdict(true, 0);
                } else if (i == 77) {
                    backend(pool, dead).order(Operator.DRAIN);
                }
                log.add(once(pool));
            }
            List<String> others = new ArrayList<>(List.of("a", "b", "c", "d"));
            others.remove(dead);
            assertExact(log, others.toArray(String[]::new));
            assertThat(log.subList(picksBefore, 50)).doesNotContain(dead);
            assertThat(log.subList(77, 100)).doesNotContain(dead);
        }
    }

    @Test
    void whoIsFullOrAlreadyTriedIsPassedOverWithoutHarmToTheOthers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Pool pool = new Pool("test", 0);
        up(pool, RR, List.of(server("a"), server("b"), server("c"), server("x").withMaxConnections(1)));
        List<String> log = new ArrayList<>();
        Backend full = null;
        for (int i = 0; i < 20_000; i++) {
            Caller caller = Caller.anyone();
            if (random.nextBoolean()) {
                caller.tried(backend(pool, "x"));
            }
            Backend chosen = pick(pool, caller, 0).backend();
            log.add(chosen.name());
            if (!chosen.name().equals("x") || random.nextBoolean()) {
                pool.release(chosen);
            } else {
                full = chosen;
            }
            if (full != null && random.nextInt(5) == 0) {
                pool.release(full);
                full = null;
            }
        }
        try {
            assertExact(log, "a", "b", "c");
        } catch (AssertionError wrong) {
            throw new AssertionError("seed " + seed, wrong);
        }
        assertThat(log).contains("x");
    }

    @Test
    void afterALongTimeAtItsLimitAServerHasNoClaimToABurst() {
        Pool pool = new Pool("test", 0);
        up(pool, RR, List.of(server("a").withMaxConnections(1), server("b"), server("c")));
        Backend held = pick(pool).backend();
        assertThat(held.name()).isEqualTo("a");
        assertThat(order(pool, 1000)).doesNotContain("a");
        pool.release(held);
        assertThat(order(pool, 30)).doesNotContain("aa");
    }

    @Test
    void creditStaysBoundedWhateverIsExcluded() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int size = 8;
        Pool pool = up(
                Kind.ROUNDROBIN,
                random.ints(size, 1, 10)
                        .mapToObj(weight -> server("s" + random.nextLong(), weight))
                        .toList());
        for (int i = 0; i < 100_000; i++) {
            Caller caller = Caller.anyone();
            pool.backends().stream().filter(one -> random.nextInt(3) == 0).forEach(caller::tried);
            if (pool.pick(caller, 0) instanceof Pick.Chosen chosen) {
                pool.release(chosen.backend());
            }
        }
        long unit = 1L << 31;
        assertThat(pool.backends())
                .as("seed %d", seed)
                .allMatch(one -> Math.abs(one.turn.creditIn(unit)) < size * unit);
        double sum = pool.backends().stream()
                        .mapToLong(one -> one.turn.creditIn(unit))
                        .sum()
                / (double) unit;
        assertThat(sum).as("seed %d: all credits add up to zero", seed).isCloseTo(0, within(0.01));
    }

    @Test
    void sharesAreRightEvenIfTheMembershipChangesBeforeEveryPick() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<BackendSettings> all =
                List.of(server("a", 1), server("b", 2), server("c", 3), server("d", 4), server("e", 10));
        Pool pool = up(Kind.ROUNDROBIN, all);
        Map<String, Double> expected = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        int changes = 1000;
        for (int i = 0; i < changes; i++) {
            List<BackendSettings> present = all.stream()
                    .filter(one -> one.name().equals("e") || random.nextInt(4) > 0)
                    .toList();
            pool.replace(present, RR);
            pool.backends().forEach(one -> one.verdict(true, 0));
            double total = present.stream().mapToInt(BackendSettings::weight).sum();
            present.forEach(one -> expected.merge(one.name(), one.weight() / total, Double::sum));
            counts.merge(once(pool), 1, Integer::sum);
        }
        expected.forEach((name, share) -> assertThat(counts.getOrDefault(name, 0) / (double) changes)
                .as("seed %d, %s of %s", seed, name, counts)
                .isCloseTo(share / changes, within(0.03)));
    }

    @Test
    void aChangeOfWeightIsFollowedWithoutARestart() {
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b"));
        assertThat(once(pool)).isEqualTo("a");
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            pool.replace(List.of(server("a", 3 + i % 2 * 3), server("b", 1 + i % 2)), RR);
            counts.merge(once(pool), 1, Integer::sum);
        }
        assertThat(counts.get("a")).isCloseTo(750, within(1));
    }

    @Test
    void twoBalancersNeverBeginWithTheSameServer() {
        for (List<BackendSettings> servers : List.of(
                servers("a", "b"),
                servers("a", "b", "c"),
                servers("a", "b", "c", "d"),
                List.of(server("a", 5), server("b", 1), server("c", 1)),
                List.of(server("a", 2), server("b", 1)),
                List.of(server("a", 100), server("b", 1)))) {
            String first = once(up(new Pool("test", 0), RR, servers));
            String second = once(up(new Pool("test", 1), RR, servers));
            assertThat(second).as("%s", servers).isNotEqualTo(first);
        }
    }

    @Test
    void aFleetSpreadsItsFirstPicksByWeight() {
        List<BackendSettings> servers = List.of(server("a", 5), server("b", 1), server("c", 1));
        Map<String, Integer> firsts = new HashMap<>();
        for (int balancer = 0; balancer < 70; balancer++) {
            Pool pool = up(new Pool("test", balancer), RR, servers);
            String round = order(pool, 7);
            assertThat("aabacaa".repeat(2)).contains(round);
            firsts.merge(round.substring(0, 1), 1, Integer::sum);
        }
        assertThat(firsts).isEqualTo(Map.of("a", 50, "b", 10, "c", 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 16})
    void fleetsOfFourLoadAllServersAlike(int size) {
        String[] names = new String[size];
        for (int i = 0; i < size; i++) {
            names[i] = "s" + i;
        }
        int perBalancer = 5 * size / 2 + 1;
        Map<String, Integer> counts = new HashMap<>();
        HashSet<String> firsts = new HashSet<>();
        for (int balancer = 0; balancer < 4; balancer++) {
            Pool pool = up(new Pool("test", balancer), RR, servers(names));
            for (int i = 0; i < perBalancer; i++) {
                String name = once(pool);
                counts.merge(name, 1, Integer::sum);
                if (i == 0) {
                    firsts.add(name);
                }
            }
        }
        assertThat(firsts).hasSize(Math.min(4, size));
        double fair = 4.0 * perBalancer / size;
        assertThat(counts.values())
                .allSatisfy(count -> assertThat((double) count).isCloseTo(fair, within(fair * 0.2)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE - 10L, Long.MAX_VALUE - 10, 0xffff_ffffL - 10, -10})
    void theOrderSurvivesTheEndOfItsNumbers(long first) {
        Pool pool = up(new Pool("test", 0, first), RR, servers("a", "b", "c"));
        List<String> log = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Pick.Chosen chosen = pick(pool);
            assertThat(chosen.sequence() - first).isEqualTo(i);
            log.add(chosen.backend().name());
        }
        assertExact(log, "a", "b", "c");
        assertThat(String.join("", log)).isEqualTo("abc".repeat(20));
    }

    @Test
    void leastConnectionsSurviveTheEndOfTheNumbersToo() {
        Pool pool = up(new Pool("test", 0, Long.MAX_VALUE - 10), Balance.of(Kind.LEASTCONN), servers("a", "b", "c"));
        assertThat(order(pool, 60)).isEqualTo("abc".repeat(20));
    }

    @Test
    void aServerThatComesBackGrowsAlongTheLine() {
        long second = Duration.ofSeconds(1).toNanos();
        Pool pool = new Pool("test", 0);
        up(pool, RR, List.of(server("a"), server("b"), server("c").withSlowStart(Duration.ofSeconds(100))));
        assertThat(order(pool, 9)).as("not at the start of the process").isEqualTo("abcabcabc");
        backend(pool, "c").verdict(false, 0);
        long came = 1000 * second;
        backend(pool, "c").verdict(true, came);
        for (int step = 0; step < 12; step++) {
            Map<String, Integer> counts = new HashMap<>(Map.of("c", 0));
            for (int i = 0; i < 10_000; i++) {
                long now = came + step * 10 * second + i * second / 1000;
                counts.merge(once(pool, Caller.anyone(), now), 1, Integer::sum);
            }
            double line = Math.min(1, (step * 10 + 5) / 100.0);
            double share = counts.get("c") / (double) counts.get("a");
            assertThat(share).as("window %d", step).isCloseTo(line, within(0.1 * line + 0.01));
        }
    }

    @Test
    void staticRoundRobinIgnoresSlowStartAndAnnouncements() {
        Pool pool = up(Kind.STATIC_RR, List.of(server("a"), server("b").withSlowStart(Duration.ofHours(1))));
        backend(pool, "b").verdict(false, 0);
        backend(pool, "b").verdict(true, 0);
        backend(pool, "b").announce(Operator.READY, 10);
        assertThat(order(pool, 6)).isIn("ababab", "bababa");
    }
}
