package com.foobar.http.tier;

import com.foobar.http.forward.ForwardSettings;
import com.foobar.http.forward.Forwarder;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Demand;
import com.foobar.http.pool.MemberStatus;
import com.foobar.http.pool.Operator;
import com.foobar.http.pool.Pool;
import com.foobar.http.pool.RetryBudget;
import com.foobar.http.pool.RetryPolicy;
import com.foobar.http.probe.CheckSettings;
import com.foobar.http.probe.FirstRound;
import com.foobar.http.probe.Prober;
import com.foobar.http.transport.Patience;
import com.foobar.http.transport.Transport;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Readings;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pool with all that keeps it running: its prober, its forwarder, its orders. */
public final class PoolStation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PoolStation.class);
    private static final Duration FIRST_ROUND = Duration.ofSeconds(2);
    private static final int RETRIES_ALWAYS_PER_SECOND = 3;
    private static final Duration READMISSION = Duration.ofMillis(500);

    private final String owner;
    private final Pool pool;
    private final Prober prober;
    private final Forwarder forwarder;
    private final OperatorState orders;
    private final TierMetrics metrics;
    private final Time time;
    private final Time.Timeout readmission;
    // Guarded by this: reloads and orders come from different threads.
    private Blueprint blueprint;

    /** What a pool is made of. */
    public record Blueprint(List<BackendSettings> members, Balance balance, CheckSettings check) {}

    public PoolStation(
            String owner,
            Pool pool,
            Blueprint blueprint,
            Forwarder forwarder,
            OperatorState orders,
            TierMetrics metrics,
            Time time) {
        this.owner = owner;
        this.pool = pool;
        this.forwarder = forwarder;
        this.orders = orders;
        this.metrics = metrics;
        this.time = time;
        this.blueprint = blueprint;
        this.prober = new Prober(owner, pool, blueprint.check(), time, this::checked);
        install(List.of());
        this.readmission = time.every(READMISSION, () -> {
            if (!pool.readmit(time.nanos()).isEmpty()) {
                forwarder.wake();
            }
        });
    }

    /** How requests go through a pool by the settings that every tier has. */
    public static ForwardSettings forwarding(
            Pool pool, Transport transport, Timeouts timeouts, Retries retries, Limits limits) {
        return ForwardSettings.of(pool, transport)
                .withPatience(
                        new Patience(timeouts.connect(), timeouts.response(), timeouts.idle(), timeouts.tunnel()),
                        timeouts.request())
                .withQueue(timeouts.queue(), limits.queue())
                .withRetries(
                        new RetryPolicy(retries.attempts()),
                        new RetryBudget(retries.budget(), RETRIES_ALWAYS_PER_SECOND));
    }

    public CompletableFuture<Void> start() {
        return prober.start();
    }

    /** What the pool is about to be; servers that are new to it are being checked before they join. */
    public record Joining(Blueprint next, List<Backend> newcomers, FirstRound round) {
        public CompletableFuture<Void> checked() {
            return round.done();
        }

        public void discard() {
            round.end();
        }
    }

    /** Nothing changes here before {@link #replace}. */
    public Joining prepare(Blueprint next) {
        List<Backend> newcomers = pool.newcomers(next.members());
        newcomers.forEach(one -> one.order(orders.of(pool.name(), one.name()).state()));
        return new Joining(next, newcomers, prober.firstRound(newcomers, next.check()));
    }

    /** A server that does not answer must not hold up the start; it is out until it does. */
    public static void awaitFirstRound(String owner, CompletableFuture<Void> checked) throws StartFailure {
        try {
            checked.get(FIRST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            log.warn("{} goes on before every new server has been checked; those get no requests until then", owner);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StartFailure("stopped while the servers were checked", "try again", stopped);
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
    }

    public Forwarder forwarder() {
        return forwarder;
    }

    public Pool pool() {
        return pool;
    }

    public synchronized void replace(Joining joining, ForwardSettings settings) {
        Set<String> gone = names();
        blueprint = joining.next;
        install(joining.newcomers);
        prober.replace(blueprint.check(), joining.round);
        forwarder.replace(settings);
        gone.removeAll(names());
        gone.forEach(name -> metrics.forget(owner, pool.name(), name));
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
        metrics.expect(owner, pool.name(), "");
        members.forEach(member -> metrics.expect(owner, pool.name(), member.name()));
        pool.replace(members, blueprint.balance(), newcomers);
        for (Backend backend : pool.backends()) {
            backend.order(orders.of(pool.name(), backend.name()).state());
        }
    }

    /**
     * What an operator says about one server. Empty parts stay as they are.
     *
     * @return false when there is no such server
     * @throws IOException when the order cannot be kept, and then it has no effect
     */
    public synchronized boolean order(String backend, Optional<Operator> state, Optional<Integer> weight)
            throws IOException {
        if (pool.backend(backend) == null) {
            return false;
        }
        OperatorState.Order before = orders.of(pool.name(), backend);
        orders.keep(
                pool.name(),
                backend,
                new OperatorState.Order(state.orElse(before.state()), weight.isPresent() ? weight : before.weight()));
        install(List.of());
        prober.replace(blueprint.check());
        forwarder.wake();
        log.info(
                "{}: {}/{}: ordered {}{}",
                owner,
                pool.name(),
                backend,
                state.map(Access::lower).orElse("no change"),
                weight.map(to -> ", weight " + to).orElse(""));
        return true;
    }

    /** A node's own word: it drains before it closes its port, or asks for less. Forgotten with the process. */
    public boolean announce(String backend, Operator wish, int percent) {
        Backend known = pool.backend(backend);
        if (known == null) {
            return false;
        }
        known.announce(wish, percent);
        forwarder.wake();
        return true;
    }

    private void checked(Backend backend, boolean passed, boolean changed, String reason, long nanos) {
        metrics.checked(owner, pool.name(), backend.name(), passed);
        if (changed) {
            forwarder.wake();
        }
    }

    /** The pool as /topology shows it. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("owner", owner);
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

    public void read(String metric, Readings into) {
        if (metric.equals("queue_length")) {
            into.add(forwarder.waiting(), owner, pool.name());
            return;
        }
        for (MemberStatus member : pool.members(time.nanos())) {
            double value =
                    switch (metric) {
                        case "backend_up" -> usable(member) ? 1 : 0;
                        case "backend_in_flight" -> member.inFlight();
                        case "backend_weight" -> member.effectiveWeight();
                        case "picks_total" -> member.picks();
                        case "retries_total" -> member.retries();
                        case "ejections_total" -> member.ejections();
                        default -> Double.NaN;
                    };
            if (!Double.isNaN(value)) {
                into.add(value, owner, pool.name(), member.name());
            }
        }
    }

    private boolean usable(MemberStatus member) {
        Backend backend = pool.backend(member.name());
        return backend != null && backend.health().usable(Demand.NEW);
    }

    /** With all that is known about it. */
    @Override
    public void close() {
        readmission.cancel();
        prober.close();
        names().forEach(name -> metrics.forget(owner, pool.name(), name));
        metrics.forget(owner, pool.name(), "");
    }
}
