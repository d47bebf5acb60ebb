package com.foobar.http.pool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A named set of backends and the choice among them. {@link #pick} may be called by any number of threads; {@link #replace} swaps
 * members and algorithm in one step and keeps load, health and place in the rotation of everyone who stays.
 */
public final class Pool {
    private final String name;
    private final long fleetIndex;
    private final Rotation rotation;
    // One reload, ejection or readmission at a time; picks never wait for it.
    private final Object changing = new Object();
    private volatile PoolSnapshot snapshot;

    /**
     * An empty pool.
     *
     * @param fleetIndex the place of this balancer among those that serve the same backends (0, 1, 2 …): it decides where in the
     *     round it begins, so that balancers started together do not all begin with the first server
     */
    public Pool(String name, long fleetIndex) {
        this(name, fleetIndex, 0);
    }

    Pool(String name, long fleetIndex, long firstSequence) {
        this.name = name;
        this.fleetIndex = fleetIndex;
        this.rotation = new Rotation(firstSequence, fleetIndex);
        Balance balance = Balance.of(Balance.Kind.ROUNDROBIN);
        this.snapshot = new PoolSnapshot(List.of(), balance, Algorithm.of(balance, rotation));
    }

    public String name() {
        return name;
    }

    public Balance balance() {
        return snapshot.balance();
    }

    /** Those of these servers that would be new here, made before they join, so that they can join with a known health. */
    public List<Backend> newcomers(List<BackendSettings> settings) {
        PoolSnapshot now = snapshot;
        List<Backend> newcomers = new ArrayList<>();
        for (BackendSettings one : settings) {
            Backend known = now.named(one.name());
            if (known == null) {
                newcomers.add(new Backend(one, rotation.newTurn()));
            } else if (!known.address().equals(one.address())) {
                newcomers.add(known.reloaded(one));
            }
        }
        return List.copyOf(newcomers);
    }

    /** Installs what the configuration says now. */
    public void replace(List<BackendSettings> settings, Balance balance) {
        replace(settings, balance, List.of());
    }

    /** As above, with the newcomers that were made for it. */
    public void replace(List<BackendSettings> settings, Balance balance, List<Backend> newcomers) {
        Set<String> names = new HashSet<>();
        for (BackendSettings one : settings) {
            if (!names.add(one.name())) {
                throw new IllegalArgumentException("pool " + name + ": two backends are named " + one.name());
            }
        }
        if (settings.size() > PoolSnapshot.MAX_MEMBERS) {
            throw new IllegalArgumentException("pool " + name + ": " + settings.size() + " backends; at most "
                    + PoolSnapshot.MAX_MEMBERS + " are possible");
        }
        synchronized (changing) {
            PoolSnapshot before = snapshot;
            List<Backend> members = new ArrayList<>();
            for (BackendSettings one : settings) {
                members.add(member(before, newcomers, one));
            }
            PoolSnapshot after = new PoolSnapshot(members, balance, Algorithm.of(balance, rotation));
            if (before.size() == 0) {
                rotation.offset(after, fleetIndex);
            }
            snapshot = after;
        }
    }

    private Backend member(PoolSnapshot before, List<Backend> newcomers, BackendSettings one) {
        Backend known = before.named(one.name());
        if (known != null && known.address().equals(one.address())) {
            return known.reloaded(one);
        }
        for (Backend newcomer : newcomers) {
            if (newcomer.name().equals(one.name()) && newcomer.address().equals(one.address())) {
                return newcomer.reloaded(one);
            }
        }
        return known == null ? new Backend(one, rotation.newTurn()) : known.reloaded(one);
    }

    /** Chooses a backend for the request and takes a place on it, or says why not. */
    public Pick pick(Caller caller, long nowNanos) {
        Pick.Chosen chosen = choose(caller, nowNanos);
        return chosen != null ? chosen : Outage.explain(snapshot, bound(caller), caller);
    }

    /** As pick, without the trouble of a reason. */
    Pick.@Nullable Chosen choose(Caller caller, long nowNanos) {
        PoolSnapshot now = snapshot;
        Backend bound = bound(now, caller);
        if (bound != null) {
            return bound.tryBegin() ? new Pick.Chosen(bound, rotation.next()) : null;
        }
        Pick.Chosen chosen = now.algorithm().take(now, now.tier(caller), caller, nowNanos);
        // Health may have moved between the look at the tiers and the choice; a second look settles it.
        return chosen != null ? chosen : now.algorithm().take(now, now.tier(caller), caller, nowNanos);
    }

    /** Gives back the place of a finished or failed request. Where requests can wait, {@link WaitQueue#release} does it. */
    public void release(Backend backend) {
        backend.end();
    }

    /** The place of a finished request for one that waits, without letting anybody in between; null if it may not go there. */
    Pick.@Nullable Chosen handOver(Backend freed, Caller caller) {
        PoolSnapshot now = snapshot;
        Backend heir = now.named(freed.name());
        if (heir == null || !heir.same(freed)) {
            return null;
        }
        int limit = heir.settings().maxConnections();
        if (limit > 0 && heir.load().inFlight() > limit) {
            return null; // a reload lowered the limit: this place is gone
        }
        Backend bound = bound(now, caller);
        if (bound == null ? !now.eligible(heir, now.tier(caller), caller) : bound != heir) {
            return null;
        }
        heir.load().handedOver();
        return new Pick.Chosen(heir, rotation.next());
    }

    /** The backend a request sticks to, if it still takes such requests; else the request is as free as any other. */
    @Nullable
    Backend bound(Caller caller) {
        return bound(snapshot, caller);
    }

    private static @Nullable Backend bound(PoolSnapshot now, Caller caller) {
        String boundTo = caller.boundTo();
        Backend one = boundTo == null ? null : now.named(boundTo);
        return one != null && !caller.hasTried(one) && one.health().usable(Demand.BOUND, now.panic()) ? one : null;
    }

    /**
     * Tells how a real request went, for passive ejection: good means the backend answered, even with an error of the
     * application's own. True if this ejected it.
     */
    public boolean report(Backend backend, boolean good, long nowNanos) {
        if (good) {
            if (backend.ejection().get().failures() > 0) {
                backend.ejection().change(Ejection::succeeded);
            }
            return false;
        }
        PoolSnapshot now = snapshot;
        Ejection.Rules rules = now.balance().ejection();
        if (!backend.ejection().changed(Ejection::failed).due(rules)) {
            return false;
        }
        synchronized (changing) {
            if (!mayEject(now, rules) || !backend.eject()) {
                return false;
            }
            backend.ejection().change(e -> e.eject(rules, nowNanos));
            backend.load().ejected();
            return true;
        }
    }

    private static boolean mayEject(PoolSnapshot now, Ejection.Rules rules) {
        int ejected = 1;
        for (int i = 0; i < now.size(); i++) {
            ejected += now.member(i).health().checked() == Checked.EJECTED ? 1 : 0;
        }
        return ejected * 100L <= (long) now.size() * rules.maxPercent();
    }

    /** Takes back those whose ejection is over; call it now and then. Waiting requests may then be served. */
    public List<Backend> readmit(long nowNanos) {
        List<Backend> back = new ArrayList<>();
        synchronized (changing) {
            for (Backend one : backends()) {
                if (one.ejection().get().over(nowNanos) && one.readmit(nowNanos)) {
                    one.ejection().change(Ejection::succeeded);
                    back.add(one);
                }
            }
        }
        return back;
    }

    /** The members in configured order. */
    public List<Backend> backends() {
        PoolSnapshot now = snapshot;
        List<Backend> all = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            all.add(now.member(i));
        }
        return List.copyOf(all);
    }

    public @Nullable Backend backend(String backend) {
        return snapshot.named(backend);
    }

    /** The members for a status page. */
    public List<MemberStatus> members(long nowNanos) {
        return backends().stream().map(one -> MemberStatus.of(one, nowNanos)).toList();
    }
}
