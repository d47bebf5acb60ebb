package com.foobar.launcher;

import com.foobar.appserver.AppPlan;
import com.foobar.appserver.AppServer;
import com.foobar.appserver.Supplies;
import com.foobar.appserver.container.AppMetrics;
import com.foobar.appserver.data.Account;
import com.foobar.appserver.data.Accounts;
import com.foobar.appserver.data.PolledTopology;
import com.foobar.appserver.data.TopologyNews;
import com.foobar.appserver.deploy.ApplicationState;
import com.foobar.database.Cluster;
import com.foobar.database.ClusterTls;
import com.foobar.database.DatabasePlan;
import com.foobar.database.DatabaseSettings;
import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.database.node.NewsDesk;
import com.foobar.database.remote.Access;
import com.foobar.database.remote.RemoteNews;
import com.foobar.http.tier.PoolStation;
import com.foobar.http.tier.TierMetrics;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import com.foobar.launcher.admin.DatabaseDesk;
import com.foobar.launcher.supervise.Seat;
import com.foobar.launcher.topology.DatabaseLayout;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Plans;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import com.foobar.lb.LoadBalancer;
import com.foobar.webserver.WebMetrics;
import com.foobar.webserver.WebPlan;
import com.foobar.webserver.WebServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a role on every seat: the one place where a role's name meets its class. */
final class Crew implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Crew.class);

    private final Topology topology;
    private final Selection selection;
    private final Path data;
    private final Time time;
    private final Fabric fabric;
    private final TierMetrics ofBalancers;
    private final TierMetrics ofWebServers;
    private final AppMetrics ofAppServers;
    private final Optional<Cluster> cluster;
    private final Optional<Supplies> supplies;
    private final List<Seat<?>> seats = new ArrayList<>();
    private final List<Supplier<List<PoolStation>>> stations = new ArrayList<>();
    private final List<AppServer> appServers = new ArrayList<>();

    Crew(Topology topology, Selection selection, Places places, Time time, Metrics metrics) throws StartFailure {
        this.topology = topology;
        this.selection = selection;
        this.data = places.data();
        this.time = time;
        this.fabric = new Fabric(topology.fabric(), time);
        this.ofBalancers = new TierMetrics(metrics, "lb");
        this.ofWebServers = WebMetrics.of(metrics);
        this.ofAppServers = new AppMetrics(metrics);
        this.cluster = DatabaseLayout.of(topology)
                .plan(selection, installed(places))
                .map(plan -> new Cluster(plan, metrics, time));
        this.supplies = selection.instances().stream().anyMatch(one -> one.role() == RoleName.APPSERVER)
                ? Optional.of(supplies(metrics))
                : Optional.empty();
        DatabaseLayout.of(topology).witnessAt(selection).ifPresent(witness -> seats.add(databaseNode(witness)));
        selection.instances().stream()
                .sorted(Comparator.comparing(Instance::role).reversed())
                .forEach(instance -> seats.add(seat(instance)));
    }

    private Seat<?> seat(Instance instance) {
        return switch (instance.role()) {
            case LB -> balancer(instance);
            case WEBSERVER -> webServer(instance);
            case APPSERVER -> appServer(instance);
            case DATABASE_CLUSTER -> databaseNode(instance);
        };
    }

    static DatabasePlan.Places installed(Places places) {
        return new DatabasePlan.Places(
                places.data(),
                places.cache(),
                places.path(),
                List.of(Program.home().resolve("lib").resolve("db")));
    }

    private Seat<?> databaseNode(Instance instance) {
        Cluster all = cluster.orElseThrow();
        boolean first = seats.stream().noneMatch(seat -> seat.instance().role() == RoleName.DATABASE_CLUSTER);
        Role<DatabaseSettings> role = first ? all : new Fellow(instance.name(), all);
        return new Seat<>(instance, role, Topology::databaseCluster);
    }

    private Supplies supplies(Metrics metrics) throws StartFailure {
        DatabaseSettings database = topology.databaseCluster();
        if (cluster.isEmpty() && database.secret().isEmpty()) {
            log.warn(
                    "the database's passwords are made elsewhere: give all processes the same database-cluster.secret, or copy"
                            + " database/passwords from the data directory of the one that made them");
        }
        Passwords passwords = database.passwords(data);
        Optional<ClusterTls> tls = ClusterTls.of(database, data, time);
        Accounts accounts = accounts(database, passwords, tls);
        DatabaseLayout layout = DatabaseLayout.of(topology);
        List<HostPort> ports = topology.appserver().database();
        TopologyNews news = ports.isEmpty()
                ? new AskedNews(desks(layout, passwords, tls), database.name(), time)
                : new PolledTopology(
                        "app",
                        database.name(),
                        ports,
                        database.validity().dividedBy(3),
                        topology.appserver().data().connectTimeout(),
                        time);
        // Whoever signs clients' positions could as well write to the database: no secret of its own is needed.
        return new Supplies(
                topology.appserver(),
                database.name(),
                accounts,
                news,
                passwords.of(Duty.APPLICATION).password(),
                metrics,
                time);
    }

    static Accounts accounts(DatabaseSettings database, Passwords passwords, Optional<ClusterTls> tls) {
        return new Accounts(
                database.schema(),
                account(passwords.of(Duty.APPLICATION)),
                account(passwords.of(Duty.READER)),
                Optional.of(account(passwords.of(Duty.SCHEMA))),
                tls.map(ClusterTls::trust));
    }

    private List<NewsDesk> desks(DatabaseLayout layout, Passwords passwords, Optional<ClusterTls> tls) {
        List<NewsDesk> desks = new ArrayList<>();
        cluster.ifPresent(here -> desks.add(here::topologyNewerThan));
        Access access = new Access(passwords.of(Duty.COORDINATOR).password(), tls.map(ClusterTls::lines));
        layout.doorsElsewhere(selection).forEach(door -> desks.add(new RemoteNews(door, access, time)));
        return desks;
    }

    private static Account account(Login login) {
        return new Account(login.user(), login.password());
    }

    private Seat<?> appServer(Instance instance) {
        Function<Topology, AppPlan> plan =
                next -> Plans.appServer(next, instance, selection).withApps(Crew::found);
        AppServer app = new AppServer(
                instance.name(),
                plan.apply(topology),
                data,
                Program.home().resolve("lib"),
                supplies.orElseThrow().hooks(instance.name()),
                time,
                ofAppServers,
                fabric);
        appServers.add(app);
        return new Seat<>(instance, app, plan);
    }

    private Seat<?> balancer(Instance instance) {
        LoadBalancer balancer = new LoadBalancer(
                instance.name(),
                Plans.fleetIndex(topology, instance),
                Plans.balancer(topology, instance),
                data,
                time,
                ofBalancers,
                fabric);
        stations.add(balancer::stations);
        return new Seat<>(instance, balancer, next -> Plans.balancer(next, instance));
    }

    private Seat<?> webServer(Instance instance) {
        Function<Topology, WebPlan> plan =
                next -> Plans.webServer(next, instance, selection).withRoots(Crew::found);
        WebServer web = new WebServer(
                instance.name(),
                Plans.fleetIndex(topology, instance),
                plan.apply(topology),
                data,
                time,
                ofWebServers,
                fabric);
        stations.add(web::stations);
        return new Seat<>(instance, web, plan);
    }

    /** A folder of the working directory, else of the installation: the program runs from anywhere. */
    private static Path found(Path folder) {
        Path here = folder.toAbsolutePath();
        Path installed = Program.home().resolve(folder);
        return !Files.exists(here) && Files.exists(installed) ? installed : here;
    }

    /** From the database outwards, so that each tier finds the one behind it when it starts. */
    List<Seat<?>> seats() {
        return List.copyOf(seats);
    }

    /** The part of the database cluster in this process. */
    Optional<DatabaseDesk.Cluster> database() {
        return cluster.map(all -> new ClusterDoor(all, data.resolve("backups")));
    }

    /** What is deployed, for {@code /topology}. */
    List<Map<String, ?>> applications() {
        List<Map<String, ?>> all = new ArrayList<>();
        for (AppServer server : appServers) {
            for (ApplicationState application : server.applications()) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("server", server.name());
                facts.putAll(application.facts());
                all.add(facts);
            }
        }
        return all;
    }

    /** What its seats have shared. */
    @Override
    public void close() {
        supplies.ifPresent(Supplies::close);
    }

    /** The pools an operator may order about. */
    List<PoolStation> stations() {
        return stations.stream().flatMap(some -> some.get().stream()).toList();
    }
}
