package com.foobar.lb;

import com.foobar.http.forward.Forwarder;
import com.foobar.http.pool.Pool;
import com.foobar.http.tier.OperatorState;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Transport;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The pools of a balancer by name. Changed by the thread that starts, reloads and stops; read and ordered by the admin port. */
final class Stations implements AutoCloseable {
    private final String balancer;
    private final long fleetIndex;
    private final OperatorState orders;
    private final TierMetrics metrics;
    private final Time time;
    private final Transport transport;
    private final Map<String, PoolStation> stations = new ConcurrentHashMap<>();

    Stations(
            String balancer,
            long fleetIndex,
            OperatorState orders,
            TierMetrics metrics,
            Time time,
            Transport transport) {
        this.balancer = balancer;
        this.fleetIndex = fleetIndex;
        this.orders = orders;
        this.metrics = metrics;
        this.time = time;
        this.transport = transport;
    }

    /** The pools of a plan beside those in use, which nothing disturbs; whoever is new is being checked. */
    final class Step {
        private final LbPlan next;
        private final Map<String, PoolStation.Blueprint> wanted;
        private final Map<String, PoolStation> made = new LinkedHashMap<>();
        private final Map<String, PoolStation.Joining> joining = new LinkedHashMap<>();
        private final List<CompletableFuture<Void>> rounds = new ArrayList<>();

        private Step(LbPlan next) {
            this.next = next;
            this.wanted = Blueprints.of(next);
        }

        /** Completes when every new server has been checked once. */
        CompletableFuture<Void> checked() {
            return CompletableFuture.allOf(rounds.toArray(CompletableFuture[]::new));
        }

        /** From here on new requests find the new pools, and those of old ones end where they are. */
        Map<String, Forwarder> commit() {
            joining.forEach((pool, joined) -> {
                PoolStation known = known(pool);
                known.replace(joined, Blueprints.forwarding(next, balancer, known.pool(), transport));
            });
            stations.putAll(made);
            Map<String, Forwarder> ways = new HashMap<>();
            wanted.keySet().forEach(pool -> ways.put(pool, known(pool).forwarder()));
            return Map.copyOf(ways);
        }

        /** After the last way to them is gone. */
        void closeOthers() {
            for (String pool : List.copyOf(stations.keySet())) {
                if (!wanted.containsKey(pool)) {
                    Optional.ofNullable(stations.remove(pool)).ifPresent(PoolStation::close);
                }
            }
        }

        void discard() {
            made.values().forEach(PoolStation::close);
            joining.values().forEach(PoolStation.Joining::discard);
        }
    }

    Step prepare(LbPlan next, Front front) {
        Step step = new Step(next);
        step.wanted.forEach((pool, blueprint) -> {
            PoolStation known = stations.get(pool);
            if (known != null) {
                PoolStation.Joining joining = known.prepare(blueprint);
                step.joining.put(pool, joining);
                step.rounds.add(joining.checked());
            } else {
                PoolStation made = station(next, new Pool(pool, fleetIndex), blueprint, front);
                step.made.put(pool, made);
                step.rounds.add(made.start());
            }
        });
        return step;
    }

    private PoolStation station(LbPlan of, Pool pool, PoolStation.Blueprint blueprint, Front front) {
        Forwarder forwarder = new Forwarder(
                Blueprints.forwarding(of, balancer, pool, transport), time, front::refuseForwarded, front::travelled);
        return new PoolStation(balancer, pool, blueprint, forwarder, orders, metrics, time);
    }

    private PoolStation known(String pool) {
        PoolStation known = stations.get(pool);
        if (known == null) {
            throw new IllegalStateException("the pool " + pool + " is gone while it is changed");
        }
        return known;
    }

    List<PoolStation> all() {
        return List.copyOf(stations.values());
    }

    void read(String metric, Readings into) {
        stations.values().forEach(station -> station.read(metric, into));
    }

    @Override
    public void close() {
        stations.values().forEach(PoolStation::close);
        stations.clear();
    }
}
