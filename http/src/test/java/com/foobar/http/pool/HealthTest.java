package com.foobar.http.pool;

import static com.foobar.http.pool.Pools.backend;
import static com.foobar.http.pool.Pools.once;
import static com.foobar.http.pool.Pools.order;
import static com.foobar.http.pool.Pools.server;
import static com.foobar.http.pool.Pools.servers;
import static com.foobar.http.pool.Pools.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.foobar.http.pool.Balance.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    /** Written out by hand: nothing here is computed by the rule under test. n = new requests, b = bound ones. */
    private static final Map<Operator, Map<Checked, String>> TABLE = Map.of(
            Operator.READY, Map.of(Checked.UNKNOWN, "", Checked.UP, "nb", Checked.DOWN, "", Checked.EJECTED, ""),
            Operator.DRAIN, Map.of(Checked.UNKNOWN, "", Checked.UP, "b", Checked.DOWN, "", Checked.EJECTED, ""),
            Operator.MAINTENANCE, Map.of(Checked.UNKNOWN, "", Checked.UP, "", Checked.DOWN, "", Checked.EJECTED, ""));

    private static final Map<Operator, String> EJECTED_IN_PANIC =
            Map.of(Operator.READY, "nb", Operator.DRAIN, "b", Operator.MAINTENANCE, "");
    /** Row: the operator's order; column: what the node announces. */
    private static final Map<Operator, List<Operator>> STRICTER = Map.of(
            Operator.READY, List.of(Operator.READY, Operator.DRAIN, Operator.MAINTENANCE),
            Operator.DRAIN, List.of(Operator.DRAIN, Operator.DRAIN, Operator.MAINTENANCE),
            Operator.MAINTENANCE, List.of(Operator.MAINTENANCE, Operator.MAINTENANCE, Operator.MAINTENANCE));

    @Test
    void everyCombinationIsDecidedByTheTable() {
        int rows = 0;
        for (Checked checked : Checked.values()) {
            for (Operator operator : Operator.values()) {
                for (Operator announced : Operator.values()) {
                    for (int percent : new int[] {0, 1, 100}) {
                        Health health = new Health(checked, operator, announced, percent, true, false, 0);
                        Operator both = STRICTER.get(operator).get(announced.ordinal());
                        Operator allowed = both == Operator.READY && percent == 0 ? Operator.DRAIN : both;
                        assertThat(health.allowed()).as("%s", health).isEqualTo(allowed);
                        String expected = TABLE.get(allowed).get(checked);
                        assertThat(letters(health, false)).as("%s", health).isEqualTo(expected);
                        assertThat(letters(health, true))
                                .as("%s in panic", health)
                                .isEqualTo(checked == Checked.EJECTED ? EJECTED_IN_PANIC.get(allowed) : expected);
                        rows++;
                    }
                }
            }
        }
        assertThat(rows).isEqualTo(108);
    }

    private static String letters(Health health, boolean panic) {
        return (health.usable(Demand.NEW, panic) ? "n" : "") + (health.usable(Demand.BOUND, panic) ? "b" : "");
    }

    @Test
    void nobodyIsSentToAServerThatWasNeverChecked() {
        Pool pool = new Pool("test", 0);
        for (Kind kind : Kind.values()) {
            pool.replace(servers("a", "b"), kind == Kind.HEADER ? Balance.byHeader("X") : Balance.of(kind));
            for (Caller caller : List.of(Caller.anyone(), new Caller("a", "key"), new Caller(null, "key"))) {
                assertThat(pool.pick(caller, 0)).isEqualTo(new Pick.Nobody("2 backends: 2 not yet checked"));
            }
        }
    }

    @Test
    void maintenanceIsNotCheckedAndWhatComesBackFromItIsUnknown() {
        Pool pool = up(Kind.ROUNDROBIN, List.of(server("a").withSlowStart(Duration.ofNanos(1000))));
        Backend a = backend(pool, "a");
        assertThat(a.weightParts(0)).as("no slow start at the start").isEqualTo(Health.PARTS);
        assertThat(a.order(Operator.MAINTENANCE)).isTrue();
        assertThat(a.order(Operator.MAINTENANCE)).isFalse();
        assertThat(a.health().checkable()).isFalse();
        assertThat(a.verdict(true, 5)).as("a late result of a check").isFalse();
        a.order(Operator.READY);
        assertThat(pool.pick(Caller.anyone(), 6)).isInstanceOf(Pick.Nobody.class);
        a.verdict(true, 7);
        assertThat(once(pool, Caller.anyone(), 7)).isEqualTo("a");
        assertThat(a.weightParts(507) / (double) Health.PARTS).as("warming up").isCloseTo(0.5, within(0.05));
    }

    @Test
    void whatANodeAnnouncedEndsWithItsLife() {
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b"));
        Backend a = backend(pool, "a");
        a.announce(Operator.DRAIN, 100);
        a.verdict(true, 1);
        assertThat(a.health().usable(Demand.NEW))
                .as("still here, still draining")
                .isFalse();
        a.verdict(false, 2);
        a.verdict(true, 3);
        assertThat(a.health().usable(Demand.NEW)).isTrue();
        a.order(Operator.DRAIN);
        a.verdict(false, 4);
        a.verdict(true, 5);
        assertThat(a.health().usable(Demand.NEW))
                .as("an operator's order stays")
                .isFalse();
    }

    @Test
    void slowStartFollowsTheLineAndTheAnnouncedShare() {
        Pool pool = up(Kind.ROUNDROBIN, List.of(server("a", 100).withSlowStart(Duration.ofNanos(1_000_000))));
        Backend a = backend(pool, "a");
        a.verdict(false, 0);
        a.verdict(true, 10);
        a.announce(Operator.READY, 50);
        for (int step = 1; step <= 100; step++) {
            double weight = a.weightParts(10 + step * 10_000L) / (double) Health.PARTS;
            assertThat(weight).isCloseTo(step * 0.5, within(step * 0.05 + 0.5));
        }
        assertThat(a.weightParts(10) / (double) Health.PARTS).isCloseTo(0.5, within(0.05));
        assertThat(a.weightParts(2_000_000)).isEqualTo(50L * Health.PARTS);
    }

    @Test
    void aDrainedOrWeightlessServerKeepsItsBoundRequestsOnly() {
        Pool pool = up(Kind.ROUNDROBIN, List.of(server("a"), server("b"), server("c", 0)));
        backend(pool, "a").announce(Operator.DRAIN, 100);
        assertThat(order(pool, 3)).isEqualTo("bbb");
        assertThat(once(pool, new Caller("a", null), 0)).isEqualTo("a");
        assertThat(once(pool, new Caller("c", null), 0)).isEqualTo("c");
        assertThat(once(pool, new Caller("gone", null), 0)).isEqualTo("b");
        backend(pool, "a").verdict(false, 0);
        assertThat(once(pool, new Caller("a", null), 0)).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource({
        // rise, fall, results, state and pause (f = fast, i = inter, d = down) after each
        "2, 3, -,          Uf",
        "2, 3, +,          +i",
        "2, 3, x,          xd",
        "2, 3, +xx+,       +i +f +f +i",
        "2, 3, +xxx,       +i +f +f xd",
        "2, 3, +xx+xxx,    +i +f +f +i +f +f xd",
        "2, 3, x+x++,      xd xf xd xf +i",
        "1, 1, +x+x,       +i xd +i xd",
        "3, 1, x+++x,      xd xf xf +i xd",
    })
    void checksAreCounted(int rise, int fall, String results, String expected) {
        Duration inter = Duration.ofSeconds(2);
        Duration fast = Duration.ofSeconds(1);
        Duration down = Duration.ofSeconds(5);
        CheckCounter counter = CheckCounter.unchecked(new CheckCounter.Rules(rise, fall, inter, fast, down));
        List<String> seen = new ArrayList<>();
        if (results.equals("-")) {
            seen.add(shown(counter));
        } else {
            for (char result : results.toCharArray()) {
                counter = counter.result(result == '+');
                seen.add(shown(counter));
            }
        }
        assertThat(String.join(" ", seen)).isEqualTo(expected);
    }

    private static String shown(CheckCounter counter) {
        String state = counter.state() == Checked.UP ? "+" : counter.state() == Checked.DOWN ? "x" : "U";
        return state + Map.of(2L, "i", 1L, "f", 5L, "d").get(counter.pause().toSeconds());
    }
}
