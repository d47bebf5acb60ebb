package com.foobar.webserver;

import com.foobar.http.forward.Edits;
import com.foobar.http.forward.ForwardSettings;
import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Mode;
import com.foobar.http.pool.Pool;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.transport.Transport;
import java.util.List;

/** PURE. Turns a plan into what the pool of application servers and the way to it are made of. */
final class Applications {
    private Applications() {}

    static PoolStation.Blueprint blueprint(WebPlan plan) {
        WebserverSettings.Live live = plan.live();
        boolean anyLocal = live.preferLocal() && plan.applications().stream().anyMatch(WebPlan.Member::local);
        List<BackendSettings> members = plan.applications().stream()
                .map(member -> new BackendSettings(
                        member.name(),
                        new Address(member.host(), member.port()),
                        1,
                        anyLocal && !member.local(),
                        live.limits().perServer(),
                        live.limits().slowStart()))
                .toList();
        Balance balance = Balance.of(Balance.Kind.ROUNDROBIN)
                .withMode(anyLocal ? Mode.ACTIVE_PASSIVE : Mode.ACTIVE_ACTIVE, false)
                .withEjection(live.ejection().rules());
        return new PoolStation.Blueprint(
                members, balance, live.check().settings(plan.hosts().get(0)));
    }

    static ForwardSettings forwarding(WebPlan plan, Pool pool, Transport transport, Edits responses) {
        WebserverSettings.Live live = plan.live();
        return PoolStation.forwarding(pool, transport, live.timeouts(), live.retries(), live.limits())
                .withEdits(Edits.NONE, responses)
                .withStickiness(plan.sticky().orElse(null));
    }
}
