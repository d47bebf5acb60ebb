package com.foobar.lb;

import com.foobar.http.listen.TlsEngine;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Mode;
import com.foobar.http.tier.Check;
import com.foobar.http.tier.Ejections;
import com.foobar.http.tier.Limits;
import com.foobar.http.tier.Retries;
import com.foobar.http.tier.Timeouts;
import com.foobar.http.transport.ProxyVersion;
import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Flat;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.Cidr;
import com.foobar.kernel.value.HostPort;
import com.foobar.lb.rule.RouteSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code lb} section: what a process is started with, and what a reload may change. */
public record LbSettings(@Flat Fixed fixed, @Flat Live live) {

    /** Changes with a restart only. */
    public record Fixed(
            @Doc("Threads that move bytes; 0 takes one for each core.") @Default("0") @Range(min = 0, max = 256)
                    int ioThreads,
            @Doc("What encrypts: auto takes Conscrypt where its native part loads, else the JDK's engine.")
                    @Default("auto")
                    TlsEngine tlsEngine) {}

    /** Changes with a reload. */
    public record Live(
            @Doc("The port for plain HTTP; 0 turns it off.")
                    @Default("8080")
                    @Range(min = 0, max = 65_535, of = "a port")
                    int http,
            @Doc("The port for HTTPS and HTTP/2; 0 turns it off.")
                    @Default("8443")
                    @Range(min = 0, max = 65_535, of = "a port")
                    int https,
            @Doc(
                            "Certificates, the first is for clients that name no host; without any a development authority makes one.")
                    List<CertificateFiles> certificates,
            @Doc("How the next server is chosen: roundrobin, static-rr, leastconn, random, source, uri, header, first.")
                    @Default("roundrobin")
                    Balance.Kind balance,
            @Doc("The request header that balance: header hashes.") Optional<String> balanceHeader,
            @Doc("active-active, or active-passive: servers marked backup wait until no other is usable.")
                    @Default("active-active")
                    Mode mode,
            @Doc("Who may say who the client is (Forwarded, X-Forwarded-*) and choose request ids.") List<Cidr> trusted,
            @Doc("Who must begin every connection with a PROXY protocol header; empty: nobody.")
                    List<Cidr> proxyProtocol,
            @Doc("Further host names of the site.") List<String> hosts,
            @Doc("How long is waited for what.") Timeouts timeouts,
            @Doc("When a failed request is sent to another server.") Retries retries,
            @Doc("How servers are asked whether they are well.") Check check,
            @Doc("When servers that fail real requests are put aside.") Ejections ejection,
            @Doc("What is refused, and from which size on.") Limits limits,
            @Doc("Stickiness by a signed cookie.") Optional<Sticky> sticky,
            @Doc("Further pools by name; web is made of the servers with the role webserver.")
                    Map<String, PoolSettings> pools,
            @Doc("Rules by name: the most exact host, then the longest path, decides.")
                    Map<String, RouteSettings> routes)
            implements Checked {

        @Override
        public void check(Problems problems) {
            if (balance == Balance.Kind.HEADER && balanceHeader.isEmpty()) {
                problems.error("balance", "header needs the name of the header to hash in balance-header");
            }
            if (pools.containsKey(LbPlan.WEB)) {
                problems.error(Problems.key("pools", LbPlan.WEB), "web is made of the servers with the role webserver");
            }
            routes.forEach((name, route) -> {
                if (!route.pool().equals(LbPlan.WEB) && !pools.containsKey(route.pool())) {
                    problems.error(
                            Problems.key("routes", name, "pool"),
                            route.pool(),
                            "web or one of the pools " + pools.keySet());
                }
            });
        }
    }

    /** A certificate and its key, both PEM. */
    public record CertificateFiles(
            @Doc("The certificate and its intermediates, PEM.") Path chain,
            @Doc("The private key, PEM, not encrypted.") Path key) {}

    /** A pool beside the web tier. */
    public record PoolSettings(
            @Doc("Its servers by name.") Map<String, Target> servers,
            @Doc(
                            "v1 or v2: each connection to a server begins with a PROXY protocol header that names the client, and then carries one request.")
                    Optional<ProxyVersion> sendProxy) {}

    /** One server of such a pool. */
    public record Target(
            @Doc("Where it listens.") HostPort address,
            @Doc("Its share of the requests relative to the others.") @Default("1") @Range(min = 0, max = 256)
                    int weight,
            @Doc("Whether it waits, in mode active-passive, until no other is usable.") @Default("false")
                    boolean backup) {}
}
