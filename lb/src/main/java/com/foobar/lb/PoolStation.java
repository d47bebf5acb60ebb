package com.foobar.lb;

import com.foobar.http.forward.ForwardSettings;
import com.foobar.http.forward.Forwarder;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.MemberStatus;
import com.foobar.http.pool.Pool;
import com.foobar.http.probe.CheckSettings;
import com.foobar.http.probe.FirstRound;
import com.foobar.http.probe.Prober;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One pool with all that keeps it running: its prober, its forwarder, its orders. */
final class PoolStation implements AutoCloseable {
    private static final Duration READMISSION = Duration.ofMillis(500);

    private final String balancer;
    private final Pool pool;
    private final Prober prober;
    private final Forwarder forwarder;
    private final OperatorState orders;
    private final LbMetrics metrics;
    private final Time time;
    private final Time.Timeout readmission;
    // Guarded by this: reloads and orders come from different threads.
    private Blueprint blueprint;

    /** What a pool is made of. */
    record Blueprint(List<BackendSettings> members, Balance balance, CheckSettings check) {}

    PoolStation(
            String balancer,
            Pool pool,
            Blueprint blueprint,
            Forwarder forwarder,
            OperatorState orders,
            LbMetrics metrics,
            Time time) {
        this.balancer = balancer;
        this.pool = pool;
        this.forwarder = forwarder;
        this.orders = orders;
        this.metrics = metrics;
        this.time = time;
        this.blueprint = blueprint;
        this.prober = new Prober(balancer, pool, blueprint.check(), time, this::checked);
        install(List.of());
        this.readmission = time.every(READMISSION, () -> {
            if (!pool.readmit(time.nanos()).isEmpty()) {
                forwarder.wake();
            }
        });
    }

    CompletableFuture<Void> start() {
        return prober.start();
    }

    /** What the pool is about to be; servers that are new to it are being checked before they join. */
    record Joining(Blueprint next, List<Backend> newcomers, FirstRound round) {
        CompletableFuture<Void> checked() {
            return round.done();
        }

        void discard() {
            round.end();
        }
    }

    /** Nothing changes here before {@link #replace}. */
    Joining prepare(Blueprint next) {
        List<Backend> newcomers = pool.newcomers(next.members());
        newcomers.forEach(one -> one.order(orders.of(pool.name(), one.name()).state()));
        return new Joining(next, newcomers, prober.firstRound(newcomers, next.check()));
    }

    Forwarder forwarder() {
        return forwarder;
    }

    Pool pool() {
        return pool;
    }

    synchronized void replace(Joining joining, ForwardSettings settings) {
        Set<String> gone = names();
        blueprint = joining.next;
        install(joining.newcomers);
        prober.replace(blueprint.check(), joining.round);
        forwarder.replace(settings);
        gone.removeAll(names());
        gone.forEach(name -> metrics.forget(balancer, pool.name(), name));
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        pool.backends().forEach(backend -> names.add(backend.name()));
        return names;
    }

    private void install(List<Backend> newcomers) {
        List<BackendSettings> members = blueprint.members().stream()
                .map(member -> orders.of(pool.name(), member.name())
                        .weight()
                        .map(member::withWeight)
                        .orElse(member))
                .toList();
        // What is unknown to the metrics is not counted, so they come first.
        metrics.expect(balancer, pool.name(), "");
        members.forEach(member -> metrics.expect(balancer, pool.name(), member.name()));
        pool.replace(members, blueprint.balance(), newcomers);
        for (Backend backend : pool.backends()) {
            backend.order(orders.of(pool.name(), backend.name()).state());
        }
    }

    /** After an order has been kept. */
    synchronized void ordered() {
        install(List.of());
        prober.replace(blueprint.check());
        forwarder.wake();
    }

    private void checked(Backend backend, boolean passed, boolean changed, String reason, long nanos) {
        metrics.checked(balancer, pool.name(), backend.name(), passed);
        if (changed) {
            forwarder.wake();
        }
    }

    /** The pool as /topology shows it. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("lb", balancer);
        facts.put("name", pool.name());
        facts.put("balance", pool.balance().kind().text());
        facts.put("mode", Access.lower(pool.balance().mode()));
        facts.put("waiting", forwarder.waiting());
        Map<String, String> reasons = prober.reasons();
        facts.put(
                "backends",
                pool.members(time.nanos()).stream()
                        .map(member -> facts(member, reasons))
                        .toList());
        return facts;
    }

    private static Map<String, Object> facts(MemberStatus member, Map<String, String> reasons) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", member.name());
        facts.put("address", member.address().toString());
        facts.put("checked", Access.lower(member.checked()));
        facts.put("reason", reasons.getOrDefault(member.name(), ""));
        facts.put("state", Access.lower(member.operator()));
        facts.put("announced", Access.lower(member.announced()));
        facts.put("backup", member.backup());
        facts.put("weight", member.weight());
        facts.put("effectiveWeight", member.effectiveWeight());
        facts.put("inFlight", member.inFlight());
        facts.put("connections", member.connections());
        facts.put("picks", member.picks());
        facts.put("retries", member.retries());
        facts.put("ejections", member.ejections());
        return facts;
    }

    void read(String metric, Readings into) {
        if (metric.equals("foobar_lb_queue_length")) {
            into.add(forwarder.waiting(), balancer, pool.name());
            return;
        }
        for (MemberStatus member : pool.members(time.nanos())) {
            double value =
                    switch (metric) {
                        case "foobar_lb_backend_up" -> usable(member) ? 1 : 0;
                        case "foobar_lb_backend_in_flight" -> member.inFlight();
                        case "foobar_lb_backend_weight" -> member.effectiveWeight();
                        case "foobar_lb_picks_total" -> member.picks();
                        case "foobar_lb_retries_total" -> member.retries();
                        case "foobar_lb_ejections_total" -> member.ejections();
                        default -> Double.NaN;
                    };
            if (!Double.isNaN(value)) {
                into.add(value, balancer, pool.name(), member.name());
            }
        }
    }

    private boolean usable(MemberStatus member) {
        Backend backend = pool.backend(member.name());
        return backend != null && backend.health().usable(com.foobar.http.pool.Demand.NEW);
    }

    /** With all that is known about it. */
    @Override
    public void close() {
        readmission.cancel();
        prober.close();
        names().forEach(name -> metrics.forget(balancer, pool.name(), name));
        metrics.forget(balancer, pool.name(), "");
    }
}
