package com.foobar.lb;

import com.foobar.http.forward.Edits;
import com.foobar.http.forward.ForwardSettings;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Pool;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.ServedBy;
import com.foobar.http.tier.Visit;
import com.foobar.http.transport.ProxyVersion;
import com.foobar.http.transport.Transport;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** PURE. Turns a plan into what pools and forwarders are made of. */
final class Blueprints {
    private Blueprints() {}

    /** By name, the web tier first. */
    static Map<String, PoolStation.Blueprint> of(LbPlan plan) {
        Map<String, PoolStation.Blueprint> pools = new LinkedHashMap<>();
        pools.put(
                LbPlan.WEB,
                blueprint(
                        plan,
                        plan.web().stream()
                                .map(member -> plan.backend(
                                        member.name(), member.host(), member.port(), member.weight(), member.backup()))
                                .toList(),
                        Optional.empty()));
        plan.live()
                .pools()
                .forEach((name, pool) -> pools.put(
                        name,
                        blueprint(
                                plan,
                                pool.servers().entrySet().stream()
                                        .map(server -> plan.backend(
                                                server.getKey(),
                                                server.getValue().address().host(),
                                                server.getValue().address().port(),
                                                server.getValue().weight(),
                                                server.getValue().backup()))
                                        .toList(),
                                pool.sendProxy())));
        return pools;
    }

    private static PoolStation.Blueprint blueprint(
            LbPlan plan, List<BackendSettings> members, Optional<ProxyVersion> proxy) {
        return new PoolStation.Blueprint(
                members,
                balance(plan.live()),
                plan.live().check().settings(plan.site()).withProxy(proxy));
    }

    private static Balance balance(LbSettings.Live live) {
        Balance balance = live.balance() == Balance.Kind.HEADER
                ? Balance.byHeader(live.balanceHeader().orElseThrow())
                : Balance.of(live.balance());
        return balance.withMode(live.mode(), false).withEjection(live.ejection().rules());
    }

    static ForwardSettings forwarding(LbPlan plan, String balancer, Pool pool, Transport transport) {
        LbSettings.Live live = plan.live();
        return PoolStation.forwarding(pool, transport, live.timeouts(), live.retries(), live.limits())
                .withEdits(Edits.NONE, (exchange, headers) -> {
                    if (plan.expose()) {
                        ServedBy.sign(headers, balancer);
                    } else {
                        ServedBy.conceal(headers);
                    }
                    headers.put(Visit.REQUEST_ID, Call.of(exchange).visit().id());
                    HeaderEdits.response(Call.of(exchange).route(), headers);
                })
                .withStickiness(
                        live.sticky().map(sticky -> sticky.of(pool.name())).orElse(null))
                .withKey(key(live))
                .withPreamble(Optional.ofNullable(live.pools().get(pool.name()))
                        .flatMap(LbSettings.PoolSettings::sendProxy)
                        .map(Blueprints::preamble)
                        .orElse(null));
    }

    private static Function<HttpServerExchange, byte[]> preamble(ProxyVersion version) {
        return exchange -> {
            InetSocketAddress peer = exchange.getSourceAddress();
            InetAddress client = Call.of(exchange).visit().client();
            // Of a client that another balancer told of we know the address but not the port.
            int port = client.equals(peer.getAddress()) ? peer.getPort() : 0;
            return version.header(new InetSocketAddress(client, port), exchange.getDestinationAddress());
        };
    }

    private static @Nullable Function<HttpServerExchange, @Nullable String> key(LbSettings.Live live) {
        return switch (live.balance()) {
            case SOURCE -> exchange -> Call.of(exchange).visit().client().getHostAddress();
            case URI -> HttpServerExchange::getRequestPath;
            case HEADER -> {
                HttpString header =
                        HttpString.tryFromString(live.balanceHeader().orElseThrow());
                yield exchange -> exchange.getRequestHeaders().getFirst(header);
            }
            default -> null;
        };
    }
}
