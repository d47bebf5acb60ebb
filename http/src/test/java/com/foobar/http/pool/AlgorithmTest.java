package com.foobar.http.pool;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One distribution per algorithm, and what each promises besides. */
class AlgorithmTest {
    private static Caller key(int number) {
        return new Caller(null, "10.1." + number / 256 + "." + number % 256);
    }

    private static Balance unbounded() {
        return Balance.of(Kind.SOURCE).withLoadFactor(Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ROUNDROBIN", "STATIC_RR", "RANDOM", "SOURCE", "URI", "HEADER"})
    void sharesFollowTheWeights(Kind kind) {
        Balance balance = kind == Kind.HEADER ? Balance.byHeader("X-User") : Balance.of(kind);
        Pool pool = up(new Pool("test", 7), balance, List.of(server("a", 1), server("b", 3), server("c", 6)));
        Map<String, Integer> counts = new HashMap<>();
        int picks = 60_000;
        for (int i = 0; i < picks; i++) {
            counts.merge(once(pool, key(i), 0), 1, Integer::sum);
        }
        assertThat(counts.get("a") / (double) picks).isCloseTo(0.1, within(0.01));
        assertThat(counts.get("b") / (double) picks).isCloseTo(0.3, within(0.01));
        assertThat(counts.get("c") / (double) picks).isCloseTo(0.6, within(0.01));
    }

    @Test
    void leastConnectionsFillTheGapsByWeight() {
        Pool pool = up(Kind.LEASTCONN, List.of(server("a", 2), server("b", 1)));
        List<Backend> held = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            held.add(pick(pool).backend());
        }
        assertThat(backend(pool, "a").load().inFlight()).isEqualTo(20);
        assertThat(backend(pool, "b").load().inFlight()).isEqualTo(10);
        held.stream().filter(one -> one.name().equals("b")).limit(5).forEach(pool::release);
        for (int i = 0; i < 5; i++) {
            assertThat(pick(pool).backend().name()).isEqualTo("b");
        }
    }

    @Test
    void anIdlePoolUsesItsSmallServersToo() {
        Pool pool = up(Kind.LEASTCONN, List.of(server("a", 100), server("b", 1)));
        assertThat(order(pool, 20)).contains("a").contains("b");
    }

    @Test
    void randomTakesTheLessLoadedOfItsDraws() {
        Pool pool = up(new Pool("test", 0), Balance.of(Kind.RANDOM).withDraws(16), servers("a", "b"));
        for (int i = 0; i < 1000; i++) {
            pick(pool);
        }
        assertThat(backend(pool, "a").load().inFlight()).isCloseTo(500, within(2));
    }

    @Test
    void aReloadDoesNotDrawTheSameNumbersAgain() {
        Pool pool = up(Kind.RANDOM, servers("a", "b", "c"));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            counts.merge(once(pool), 1, Integer::sum);
            pool.replace(servers("a", "b", "c"), Balance.of(Kind.RANDOM));
        }
        assertThat(counts.values()).hasSize(3).allMatch(count -> count > 900);
    }

    /** RR8: a queue in front of each server, one of them ten times slower, simulated by the clock of the events. */
    @Test
    void twoDrawsAvoidASlowServerThatRoundRobinFloods() {
        long seed = System.nanoTime();
        double roundRobin = p99(Kind.ROUNDROBIN, seed);
        double random = p99(Kind.RANDOM, seed);
        assertThat(random).as("seed %d", seed).isLessThan(0.5 * roundRobin);
    }

    private static double p99(Kind kind, long seed) {
        Random random = new Random(seed);
        Pool pool = up(kind, servers("a", "b", "c", "slow"));
        Map<String, Double> freeAt = new HashMap<>();
        record Running(Backend backend, double end) {}
        List<Running> running = new ArrayList<>();
        double[] took = new double[5000];
        double now = 0;
        for (int i = 0; i < took.length; i++) {
            now += -Math.log(1 - random.nextDouble());
            for (Running one : List.copyOf(running)) {
                if (one.end() <= now) {
                    pool.release(one.backend());
                    running.remove(one);
                }
            }
            Backend chosen = pick(pool).backend();
            double service = chosen.name().equals("slow") ? 10 : 1;
            double end = Math.max(now, freeAt.getOrDefault(chosen.name(), 0.0)) + service;
            freeAt.put(chosen.name(), end);
            running.add(new Running(chosen, end));
            took[i] = end - now;
        }
        Arrays.sort(took);
        return took[took.length * 99 / 100];
    }

    @Test
    void firstFillsOneServerBeforeTheNext() {
        Pool pool = up(
                Kind.FIRST,
                List.of(server("a").withMaxConnections(2), server("b").withMaxConnections(1), server("c")));
        StringBuilder order = new StringBuilder();
        Backend one = pick(pool).backend();
        order.append(one.name());
        for (int i = 0; i < 4; i++) {
            order.append(pick(pool).backend().name());
        }
        pool.release(one);
        assertThat(order.append(once(pool))).hasToString("aabcca");
    }

    @Test
    void aNewServerTakesItsShareOfTheKeysAndNobodyElseMoves() {
        Pool pool = up(new Pool("test", 0), unbounded(), servers("a", "b", "c", "d"));
        int keys = 20_000;
        Map<Integer, String> before = owners(pool, keys);
        pool.replace(servers("a", "b", "c", "d", "e"), unbounded());
        backend(pool, "e").verdict(true, 0);
        Map<Integer, String> after = owners(pool, keys);
        int moved = 0;
        for (int i = 0; i < keys; i++) {
            if (!after.get(i).equals(before.get(i))) {
                assertThat(after.get(i)).isEqualTo("e");
                moved++;
            }
        }
        assertThat(moved / (double) keys).isCloseTo(0.2, within(0.015));
        assertThat(owners(up(new Pool("other", 5), unbounded(), servers("e", "d", "c", "b", "a")), keys))
                .as("another balancer, another order: the same owners")
                .isEqualTo(after);
    }

    @Test
    void theKeysOfALostServerSpreadOverAllOthers() {
        Pool pool = up(new Pool("test", 0), unbounded(), servers("a", "b", "c", "d"));
        int keys = 20_000;
        Map<Integer, String> before = owners(pool, keys);
        backend(pool, "b").verdict(false, 0);
        Map<Integer, String> after = owners(pool, keys);
        Map<String, Integer> heirs = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            if (before.get(i).equals("b")) {
                heirs.merge(after.get(i), 1, Integer::sum);
            } else {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
        }
        double fair = keys / 4.0 / 3;
        assertThat(heirs).containsOnlyKeys("a", "c", "d");
        assertThat(heirs.values())
                .allSatisfy(count -> assertThat((double) count).isCloseTo(fair, within(fair * 0.15)));
    }

    private static Map<Integer, String> owners(Pool pool, int keys) {
        Map<Integer, String> owners = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            owners.put(i, once(pool, key(i), 0));
        }
        return owners;
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SOURCE", "URI", "HEADER"})
    void oneHotKeyCannotLoadAServerAboveItsBound(Kind kind) {
        Balance balance = kind == Kind.HEADER ? Balance.byHeader("X") : Balance.of(kind);
        Pool pool = up(new Pool("test", 0), balance, List.of(server("a", 1), server("b", 2), server("c", 1)));
        for (int inFlight = 1; inFlight <= 400; inFlight++) {
            pick(pool, new Caller(null, "hot"), 0);
            for (Backend one : pool.backends()) {
                double fair = inFlight * one.settings().weight() / 4.0;
                assertThat((double) one.load().inFlight()).isLessThanOrEqualTo(Math.ceil(1.25 * fair));
            }
        }
        String owner = once(pool, new Caller(null, "hot"), 0);
        assertThat(owner).isIn("a", "b", "c");
    }

    @Test
    void withoutAKeyHashingFallsBackToTheRotation() {
        assertThat(order(up(Kind.SOURCE, servers("a", "b", "c")), 6)).isEqualTo("abcabc");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nobodyUnusableFullOrTriedIsEverChosen(Kind kind) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Balance balance = kind == Kind.HEADER ? Balance.byHeader("X") : Balance.of(kind);
        List<BackendSettings> servers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            servers.add(server("s" + i, random.nextInt(4)).withMaxConnections(random.nextInt(4)));
        }
        Pool pool = up(
                new Pool("test", 0),
                balance.withEjection(
                        new Ejection.Rules(0, java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(1), 0, 0)),
                servers);
        List<Backend> held = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Backend any = pool.backends().get(random.nextInt(6));
            switch (random.nextInt(6)) {
                case 0 -> any.verdict(random.nextInt(4) > 0, i);
                case 1 -> any.order(Operator.values()[random.nextInt(3)]);
                case 2 -> any.announce(Operator.values()[random.nextInt(2)], random.nextInt(101));
                default -> any.order(Operator.READY);
            }
            Caller caller = random.nextBoolean() ? key(random.nextInt(1000)) : Caller.anyone();
            if (random.nextInt(3) == 0) {
                caller.tried(any);
            }
            List<Backend> open = pool.backends().stream()
                    .filter(one ->
                            one.health().usable(Demand.NEW) && one.settings().weight() > 0)
                    .filter(one -> !caller.hasTried(one))
                    .toList();
            List<Backend> free = open.stream().filter(one -> !one.full()).toList();
            Pick pick = pool.pick(caller, i);
            if (pick instanceof Pick.Chosen chosen) {
                assertThat(free).as("seed %d, step %d", seed, i).contains(chosen.backend());
                held.add(chosen.backend());
            } else {
                assertThat(free).as("seed %d, step %d: %s", seed, i, pick).isEmpty();
                assertThat(pick instanceof Pick.Full).isEqualTo(!open.isEmpty());
            }
            while (!held.isEmpty() && random.nextBoolean()) {
                pool.release(held.remove(random.nextInt(held.size())));
            }
        }
    }
}
