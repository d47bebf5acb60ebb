package com.foobar.http.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pools for the tests of this package, and what one does with them. */
final class Pools {
    private static final int FIRST_PORT = 8081;

    private Pools() {}

    static BackendSettings server(String name) {
        return BackendSettings.of(name, new Address("127.0.0.1", FIRST_PORT + (name.hashCode() & 0xfff)));
    }

    static BackendSettings server(String name, int weight) {
        return server(name).withWeight(weight);
    }

    static List<BackendSettings> servers(String... names) {
        List<BackendSettings> all = new ArrayList<>();
        for (String name : names) {
            all.add(server(name));
        }
        return all;
    }

    static Pool up(Balance.Kind kind, List<BackendSettings> servers) {
        return up(new Pool("test", 0), Balance.of(kind), servers);
    }

    static Pool up(Pool pool, Balance balance, List<BackendSettings> servers) {
        pool.replace(servers, balance);
        pool.backends().forEach(one -> one.verdict(true, 0));
        return pool;
    }

    static Pick.Chosen pick(Pool pool) {
        return pick(pool, Caller.anyone(), 0);
    }

    static Pick.Chosen pick(Pool pool, Caller caller, long nowNanos) {
        Pick pick = pool.pick(caller, nowNanos);
        assertThat(pick).isInstanceOf(Pick.Chosen.class);
        return (Pick.Chosen) pick;
    }

    /** Picks and releases at once; the name of who was picked. */
    static String once(Pool pool) {
        return once(pool, Caller.anyone(), 0);
    }

    static String once(Pool pool, Caller caller, long nowNanos) {
        Backend chosen = pick(pool, caller, nowNanos).backend();
        pool.release(chosen);
        return chosen.name();
    }

    static String order(Pool pool, int picks) {
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < picks; i++) {
            order.append(once(pool));
        }
        return order.toString();
    }

    static Backend backend(Pool pool, String name) {
        Backend found = pool.backend(name);
        assertThat(found).as(name).isNotNull();
        return found;
    }

    /** Every prefix of the log: nobody is ever more than one pick ahead of anybody else. */
    static void assertExact(List<String> log, String... names) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            counts.put(name, 0);
        }
        for (int i = 0; i < log.size(); i++) {
            counts.computeIfPresent(log.get(i), (name, count) -> count + 1);
            int most =
                    counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
            int least =
                    counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
            if (most - least > 1) {
                throw new AssertionError("after pick " + (i + 1) + ": " + counts);
            }
        }
    }
}
