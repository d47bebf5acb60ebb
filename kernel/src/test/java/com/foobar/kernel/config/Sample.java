package com.foobar.kernel.config;

import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.Cidr;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A topology with one of everything. */
record Sample(
        @Doc("The site's name.") @Default("www.foobar.com") String site,
        @Doc("The machines.") Map<String, Server> servers,
        @Doc("The balancer.") Balancer lb,
        @Doc("The database.") @Key("database-cluster") Database database,
        @Doc("The admin port.") Optional<Admin> admin)
        implements Checked {

    enum Job {
        LB,
        @Key("webserver")
        WEB,
        DATABASE_CLUSTER
    }

    record Server(
            @Doc("Its address.") String address,
            @Doc("What it does.") @Default("lb") Set<Job> roles,
            @Doc("Its share.") @Default("1") @Range(min = 0, max = 256) int weight) {}

    record Balancer(@Flat Fixed fixed, @Flat Live live, @Doc("TLS.") Tls tls) {}

    record Fixed(
            @Doc("HTTP.") @Default("8080") @Range(min = 0, max = 65535, of = "a port") int http,
            @Doc("HTTPS.") @Default("8443") @Range(min = 0, max = 65535, of = "a port") int https) {

        Fixed {
            if (http == https && http != 0) {
                throw new IllegalArgumentException("http and https share port " + http);
            }
        }
    }

    record Live(
            @Doc("Patience.") @Default("5s") Duration timeout,
            @Doc("Largest body.") @Default("1MiB") ByteSize maxBody,
            @Doc("Believed peers.") @Default("127.0.0.0/8,::1") List<Cidr> trusted,
            @Doc("Named routes.") Map<String, Route> routes,
            @Doc("Share.") @Default("0.5") double ratio) {}

    record Route(@Doc("Where to.") String pool, @Doc("Seen.") @Default("false") boolean expose) {}

    record Tls(@Doc("Certificates.") List<Certificate> certs, @Doc("Folder.") @Default("data") Path folder) {}

    record Certificate(
            @Doc("File.") Path file, @Doc("Names.") List<String> names, @Doc("On.") @Default("true") boolean on) {}

    record Database(
            @Doc("Port.") @Default("33061") @Range(min = 1, max = 65535, of = "a port") int port,
            @Doc("Password.") @Default("") @Key("password") Optionally password,
            @Doc("Peers.") List<HostPort> peers,
            @Doc("Upstream.") Optional<URI> upstream,
            @Doc("Note.") @Nullable String note) {}

    /** A type that brings its own parser. */
    record Optionally(String text) {
        public static Optionally parse(String text) {
            if (text.startsWith("!")) {
                throw new IllegalArgumentException("anything without a !");
            }
            return new Optionally(text);
        }
    }

    record Admin(
            @Doc("Address.") @Default("127.0.0.1:8404") HostPort address,
            @Doc("Token.") Secret token,
            @Doc("More tokens.") List<Secret> tokens,
            @Doc("Link.") @Default("http://${admin.address}/") String link,
            @Doc("Serial.") @Default("1") long serial)
            implements Checked {
        @Override
        public void check(Problems problems) {
            if (serial == 13) {
                problems.error("serial", "13", "a luckier number");
                problems.error("token", token.reveal(), "a longer one");
                problems.warning("", "is unlucky");
            }
        }
    }

    @Override
    public void check(Problems problems) {
        for (Map.Entry<String, Route> route : lb.live().routes().entrySet()) {
            if (!servers.containsKey(route.getValue().pool())) {
                problems.error(
                        Problems.key("lb", "routes", route.getKey(), "pool"),
                        route.getValue().pool(),
                        "one of " + servers.keySet());
            }
        }
    }

    static Reading<Sample> read(String yaml, String... overrides) {
        return read(yaml, Map.of(), overrides);
    }

    static Reading<Sample> read(String yaml, Map<String, String> environment, String... overrides) {
        return Settings.read(Sample.class, new Layers(new Text("x.yaml", yaml), environment, List.of(overrides)));
    }

    static List<String> lines(Reading<?> reading) {
        return reading.problems().stream().map(Problem::line).toList();
    }

    static String effective(Reading<?> reading, String key) {
        return reading.effective().stream()
                .filter(entry -> entry.key().equals(key))
                .map(entry -> entry.value() + " <- " + entry.origin().text())
                .findFirst()
                .orElse("absent");
    }
}
