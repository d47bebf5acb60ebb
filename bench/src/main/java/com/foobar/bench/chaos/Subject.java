package com.foobar.bench.chaos;

import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.NetworkNamespaces;
import com.foobar.testkit.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The packaged program as users start it, in one process or in three on machines of their own, with the writers and the samplers beside
 * it. Machines are called s1 to s3, and db1 is on s1; in one process all are on the machine {@code local}.
 */
final class Subject implements AutoCloseable {
    /** Told to both layouts; durable settings, and no damping of one fault by the one before, which rounds are not about. */
    private static final String SETTINGS = "durability: durable, mode: strict, minimum-interval: 1s";

    private static final String SECRET = "chaos-harness-cluster-secret";
    private static final String TOKEN = "chaos-harness-admin-token-0123456789";
    private static final String CLIENT = "client";
    private static final List<String> NODES = List.of("db1", "db2", "db3");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path jar;
    private final Path folder;
    private final @Nullable NetworkNamespaces network;
    private final Station station;
    private final List<String> machines;
    private final Children children = new Children();
    private final Map<String, Child> programs = new HashMap<>();

    private Subject(Path jar, Path folder, @Nullable NetworkNamespaces network) throws IOException {
        this.jar = jar;
        this.folder = Files.createDirectories(folder);
        this.network = network;
        this.machines = network == null ? List.of("local") : List.of("s1", "s2", "s3");
        this.station = network == null ? inOneProcess() : onMachines(network);
    }

    /** Everything in one process on loopback. */
    static Subject together(Path jar, Path folder) throws IOException {
        return new Subject(jar, folder, null).started();
    }

    /** A process, a node and a vote on each of three machines, the writers on a fourth. */
    static Subject apart(Path jar, Path folder) throws IOException {
        return new Subject(jar, folder, NetworkNamespaces.of("s1", "s2", "s3", CLIENT)).started();
    }

    private Station inOneProcess() throws IOException {
        List<Integer> ports = FreePorts.block(7);
        Map<String, HostPort> nodes = new LinkedHashMap<>();
        NODES.forEach(node -> nodes.put(node, new HostPort("127.0.0.1", ports.get(nodes.size()))));
        write(
                """
                site: www.foobar.com
                servers:
                  local: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster, database-cluster, database-cluster] }
                database-cluster: { port: %d, quorum-port: %d, secret: %s, %s }
                admin: { address: 127.0.0.1, port: %d }
                """
                        .formatted(ports.get(0), ports.get(3), SECRET, SETTINGS, ports.get(6)));
        return new Station(Secret.parse(SECRET), List.of(new HostPort("127.0.0.1", ports.get(6))), nodes, folder);
    }

    private Station onMachines(NetworkNamespaces machinery) throws IOException {
        Map<String, HostPort> nodes = new LinkedHashMap<>();
        List<HostPort> admins = new ArrayList<>();
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < machines.size(); i++) {
            String address = machinery.address(machines.get(i)).getHostAddress();
            nodes.put(NODES.get(i), new HostPort(address, 33061));
            admins.add(new HostPort(address, 8404));
            servers.append("  ").append(machines.get(i)).append(": { address: ").append(address);
            servers.append(", roles: [database-cluster] }\n");
        }
        // Nobody starts these; a topology without them is refused.
        servers.append("  front: { address: ")
                .append(machinery.address(CLIENT).getHostAddress())
                .append(", roles: [lb, webserver, appserver] }\n");
        write("site: www.foobar.com\nservers:\n" + servers + "database-cluster: { secret: " + SECRET + ", " + SETTINGS
                + " }\nadmin: { address: 0.0.0.0, port: 8404, token: " + TOKEN + " }\n");
        return new Station(Secret.parse(SECRET), admins, nodes, folder);
    }

    private void write(String topology) throws IOException {
        Files.writeString(folder.resolve("topology.yaml"), topology);
    }

    private Subject started() {
        try {
            // Before the cluster: JVMs that start take the processors from those who have leases to renew.
            startSamplers();
            machines.forEach(this::startProgram);
            String unused =
                    startBeside("writers", CLIENT, Writers.class, station).awaitLine("^writing$", PATIENCE);
            return this;
        } catch (AssertionError e) {
            StringBuilder said = new StringBuilder(String.valueOf(e.getMessage()));
            programs.forEach((machine, program) ->
                    said.append("\n").append(machine).append(" said:\n").append(lastWords(program)));
            close();
            throw new AssertionError(said.toString(), e);
        }
    }

    private static String lastWords(Child program) {
        List<String> lines = program.lines();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    private void startSamplers() {
        if (network == null) {
            String unused = startBeside("sampler", "", Sampler.class, station).awaitLine("^sampling$", PATIENCE);
            return;
        }
        for (String node : NODES) {
            // From inside the node's own machine, or a machine that is cut off could not be asked.
            String unused = startBeside("sampler-" + node, machine(node), Sampler.class, station.onlyAt(node))
                    .awaitLine("^sampling$", PATIENCE);
        }
    }

    private Child startBeside(String name, String machine, Class<?> main, Station knows) {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                main.getName()));
        arguments.addAll(knows.arguments());
        return children.start(name, inside(machine, Children.java(arguments.toArray(String[]::new))));
    }

    private List<String> inside(String machine, List<String> command) {
        return network == null ? command : network.inside(machine, command);
    }

    private void startProgram(String machine) {
        List<String> command = Children.java(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toString(),
                "--conf",
                folder.resolve("topology.yaml").toString(),
                "--server",
                machine,
                "--role",
                "database-cluster",
                "--data",
                data(machine).toString());
        programs.put(machine, children.start(machine, inside(machine, command)));
    }

    /** As a service manager would. */
    void startAgain(String machine) {
        Child before = program(machine);
        if (before.isAlive()) {
            throw new IllegalStateException(machine + " still runs");
        }
        startProgram(machine);
    }

    Child program(String machine) {
        Child program = programs.get(machine);
        if (program == null) {
            throw new IllegalArgumentException("no machine " + machine + " among " + machines);
        }
        return program;
    }

    Station station() {
        return station;
    }

    List<String> machines() {
        return machines;
    }

    String machine(String node) {
        return network == null ? machines.get(0) : machines.get(NODES.indexOf(node));
    }

    List<String> others(String node) {
        return NODES.stream().filter(other -> !other.equals(node)).toList();
    }

    /** The server process of a node as it is now. */
    ProcessHandle server(String node) throws IOException {
        Properties mark = new Properties();
        Path file = data(machine(node)).resolve("database").resolve(node).resolve("process");
        try (var in = Files.newBufferedReader(file)) {
            mark.load(in);
        }
        String pid = mark.getProperty("pid", "");
        return ProcessHandle.of(pid.isEmpty() ? -1 : Long.parseLong(pid))
                .orElseThrow(() -> new IOException(file + " names no process that lives"));
    }

    static void signal(ProcessHandle process, Signal signal) throws IOException {
        try {
            run(List.of("sh", "-c", "kill -s " + signal + " " + process.pid()));
        } catch (IOException e) {
            // Ended by somebody else in the same moment: a fault all the same.
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    void cut(String machine) {
        network().cut(machine);
    }

    void heal(String machine) {
        network().heal(machine);
    }

    /** Only what replicas receive from this node is lost; applications, keepers and voters reach it as before. */
    void cutReplication(String node) throws IOException {
        String replicas = String.join(
                ", ",
                others(node).stream().map(other -> station.at(other).host()).toList());
        int port = station.at(node).port();
        nft(node, "add table inet chaos");
        nft(node, "add chain inet chaos in { type filter hook input priority 0; }");
        nft(node, "add chain inet chaos out { type filter hook output priority 0; }");
        nft(node, "add rule inet chaos in ip saddr { " + replicas + " } tcp dport " + port + " drop");
        nft(node, "add rule inet chaos out ip daddr { " + replicas + " } tcp sport " + port + " drop");
    }

    void healReplication(String node) throws IOException {
        nft(node, "delete table inet chaos");
    }

    private void nft(String node, String order) throws IOException {
        run(network().inside(machine(node), List.of("nft", order)));
    }

    private NetworkNamespaces network() {
        if (network == null) {
            throw new IllegalStateException("all is on one machine: nothing can be cut");
        }
        return network;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    String ask(String question) throws IOException {
        return Hotline.ask(station.hotline("writers"), question);
    }

    /** What the coordinators have logged, all of it. */
    List<String> log() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String machine : machines) {
            Path file = data(machine).resolve("logs").resolve("foobar.jsonl");
            if (Files.exists(file)) {
                lines.addAll(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .toList());
            }
        }
        return lines;
    }

    private Path data(String machine) {
        return folder.resolve(machine);
    }

    @Override
    public void close() {
        try {
            children.close();
        } finally {
            if (network != null) {
                network.close();
            }
        }
    }
}
