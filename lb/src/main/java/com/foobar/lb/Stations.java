package com.foobar.lb;

import com.foobar.http.forward.Forwarder;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.Operator;
import com.foobar.http.pool.Pool;
import com.foobar.http.transport.Transport;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools of a balancer by name. Changed by the thread that starts, reloads and stops; read and ordered by the admin port. */
final class Stations implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stations.class);

    private final String balancer;
    private final long fleetIndex;
    private final OperatorState orders;
    private final LbMetrics metrics;
    private final Time time;
    private final Transport transport;
    private final Map<String, PoolStation> stations = new ConcurrentHashMap<>();

    Stations(
            String balancer, long fleetIndex, OperatorState orders, LbMetrics metrics, Time time, Transport transport) {
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

    /** As {@link LoadBalancer#order}. */
    boolean order(String pool, String backend, Optional<Operator> state, Optional<Integer> weight) throws IOException {
        PoolStation station = stations.get(pool);
        if (station == null || station.pool().backend(backend) == null) {
            return false;
        }
        OperatorState.Order before = orders.of(pool, backend);
        orders.keep(
                pool,
                backend,
                new OperatorState.Order(state.orElse(before.state()), weight.isPresent() ? weight : before.weight()));
        station.ordered();
        log.info(
                "{}/{}: ordered {}{}",
                pool,
                backend,
                state.map(Access::lower).orElse("no change"),
                weight.map(to -> ", weight " + to).orElse(""));
        return true;
    }

    /** As {@link LoadBalancer#announce}. */
    boolean announce(String pool, String backend, Operator wish, int percent) {
        PoolStation station = stations.get(pool);
        Backend known = station == null ? null : station.pool().backend(backend);
        if (station == null || known == null) {
            return false;
        }
        known.announce(wish, percent);
        station.forwarder().wake();
        return true;
    }

    List<Map<String, Object>> facts() {
        return stations.values().stream().map(PoolStation::facts).toList();
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
