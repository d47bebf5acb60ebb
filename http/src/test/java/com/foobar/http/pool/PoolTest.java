package com.foobar.http.pool;

import static com.foobar.http.pool.Pools.backend;
import static com.foobar.http.pool.Pools.once;
import static com.foobar.http.pool.Pools.order;
import static com.foobar.http.pool.Pools.pick;
import static com.foobar.http.pool.Pools.server;
import static com.foobar.http.pool.Pools.servers;
import static com.foobar.http.pool.Pools.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.http.pool.Balance.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final Balance RR = Balance.of(Kind.ROUNDROBIN);
    private static final List<BackendSettings> TWO_AND_TWO = List.of(
            server("x").asBackup(), server("a"), server("b"), server("y").asBackup());

    private static Pool passive(boolean allBackups) {
        return up(new Pool("test", 0), RR.withMode(Mode.ACTIVE_PASSIVE, allBackups), TWO_AND_TWO);
    }

    @Test
    void backupsWaitUntilNobodyElseIsUsable() {
        Pool pool = passive(false);
        assertThat(order(pool, 6)).isEqualTo("ababab");
        backend(pool, "a").verdict(false, 0);
        assertThat(order(pool, 3)).isEqualTo("bbb");
        backend(pool, "b").order(Operator.DRAIN);
        assertThat(order(pool, 3)).as("the first backup alone").isEqualTo("xxx");
        backend(pool, "x").verdict(false, 0);
        assertThat(order(pool, 3)).isEqualTo("yyy");
        backend(pool, "a").verdict(true, 0);
        assertThat(order(pool, 3)).isEqualTo("aaa");
    }

    @Test
    void allBackupsStepInTogetherIfAskedTo() {
        Pool pool = passive(true);
        backend(pool, "a").verdict(false, 0);
        backend(pool, "b").verdict(false, 0);
        assertThat(order(pool, 4)).isIn("xyxy", "yxyx");
    }

    @Test
    void inActiveActiveTheBackupMarkMeansNothing() {
        assertThat(order(up(Kind.ROUNDROBIN, TWO_AND_TWO), 8)).isEqualTo("xabyxaby");
    }

    @Test
    void aRetryMayReachABackupBeforeTheChecksHaveNoticedButAFullServerQueues() {
        Pool pool = up(
                new Pool("test", 0),
                RR.withMode(Mode.ACTIVE_PASSIVE, false),
                List.of(server("a").withMaxConnections(1), server("x").asBackup()));
        Caller caller = Caller.anyone();
        Backend a = pick(pool, caller, 0).backend();
        assertThat(pool.pick(Caller.anyone(), 0))
                .isEqualTo(new Pick.Full("2 backends: 1 at the limit, 1 waiting as backup"));
        caller.tried(a);
        assertThat(once(pool, caller, 0)).isEqualTo("x");
        assertThat(a.load().retries()).isEqualTo(1);
    }

    @Test
    void loadAndHealthSurviveAReloadAtTheSameAddressOnly() {
        Pool pool = up(Kind.ROUNDROBIN, servers("a", "b"));
        Backend before = pick(pool).backend();
        pool.replace(List.of(server("a", 7), BackendSettings.of("b", new Address("10.0.0.1", 80))), RR);
        assertThat(backend(pool, "a").load().inFlight()).isEqualTo(1);
        assertThat(backend(pool, "a").settings().weight()).isEqualTo(7);
        assertThat(backend(pool, "b").health().checked()).isEqualTo(Checked.UNKNOWN);
        before.verdict(false, 0);
        assertThat(backend(pool, "a").health().checked())
                .as("one state, old and new")
                .isEqualTo(Checked.DOWN);
        pool.release(before);
        assertThat(pool.members(0).get(0).inFlight()).isZero();
        assertThat(pool.members(0).get(0).picks()).isEqualTo(1);
        assertThatThrownBy(() -> pool.release(before))
                .hasMessageContaining("backend a")
                .hasMessageContaining("twice");
    }

    @Test
    void theReasonIsForHumans() {
        Pool pool = new Pool("test", 0);
        assertThat(pool.pick(Caller.anyone(), 0)).isEqualTo(new Pick.Nobody("no backends are configured"));
        up(pool, RR, servers("a", "b", "c"));
        backend(pool, "a").verdict(false, 0);
        backend(pool, "b").verdict(false, 0);
        backend(pool, "c").order(Operator.MAINTENANCE);
        assertThat(pool.pick(Caller.anyone(), 0)).isEqualTo(new Pick.Nobody("3 backends: 2 down, 1 in maintenance"));
        backend(pool, "c").order(Operator.DRAIN);
        backend(pool, "c").verdict(true, 0);
        backend(pool, "a").verdict(true, 0);
        Caller caller = Caller.anyone();
        caller.tried(backend(pool, "a"));
        assertThat(pool.pick(caller, 0)).isEqualTo(new Pick.Nobody("3 backends: 1 down, 1 draining, 1 tried already"));
    }

    @Test
    void aBoundRequestWaitsForItsServerAndDoesNotMoveTheRotation() {
        Pool pool = up(Kind.ROUNDROBIN, List.of(server("a"), server("b").withMaxConnections(1), server("c")));
        Caller bound = new Caller("b", null);
        assertThat(once(pool)).isEqualTo("a");
        assertThat(once(pool, bound, 0)).isEqualTo("b");
        assertThat(order(pool, 5)).isEqualTo("bcabc");
        Backend held = pick(pool, bound, 0).backend();
        assertThat(pool.pick(bound, 0)).isInstanceOf(Pick.Full.class);
        bound.tried(held);
        assertThat(once(pool, bound, 0)).as("it failed there: free again").isEqualTo("a");
    }

    @Test
    void whatIsWrongIsRefusedByName() {
        Pool pool = new Pool("web", 0);
        assertThatThrownBy(() -> pool.replace(servers("a", "a"), RR)).hasMessage("pool web: two backends are named a");
        assertThatThrownBy(() -> server("a", 257)).hasMessageContaining("0..256");
        assertThatThrownBy(() -> server("a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> server("a").withMaxConnections(-1)).hasMessageContaining("maxConnections");
        assertThatThrownBy(() -> server("a").withSlowStart(Duration.ofDays(2))).hasMessageContaining("slowStart");
        assertThatThrownBy(() -> new Address("a", 0)).hasMessageContaining("1..65535");
        assertThatThrownBy(() -> RR.withLoadFactor(Double.NaN)).hasMessageContaining("load factor");
        assertThatThrownBy(() -> Balance.of(Kind.HEADER)).hasMessageContaining("name of the header");
        assertThat(new Address("::1", 80)).hasToString("[::1]:80");
        assertThat(Kind.STATIC_RR.text()).isEqualTo("static-rr");
    }
}
