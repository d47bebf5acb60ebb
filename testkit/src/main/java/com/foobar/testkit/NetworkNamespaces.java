package com.foobar.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines made of kernel network namespaces, one address each, on a bridge of their own. Nothing touches the machine's own
 * network: the bridge, too, lives in a namespace, so the test's JVM cannot reach the nodes; run a child inside one. Ask
 * {@link Tools#requireNetworkNamespaces} first.
 */
public final class NetworkNamespaces implements AutoCloseable {

    /** The owner's process id is part of every name: whoever finds one of a dead owner may remove it. */
    private static final String PREFIX = "foobar-";

    private static final Pattern OURS = Pattern.compile(PREFIX + "(?<owner>[0-9]+)-.*");

    /** "to-" and the name must fit into the kernel's 15 characters for an interface. */
    private static final Pattern NODE = Pattern.compile("[a-z][a-z0-9-]{0,11}");

    private static final String BRIDGE = "bridge0";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String hub = ownPrefix() + NUMBERS.incrementAndGet();

    /** Node to the last number of its address; filled before anybody else sees this object. */
    private final Map<String, Integer> nodes = new LinkedHashMap<>();

    private final Runnable atExit = this::removeAll;

    private NetworkNamespaces() {}

    /** Nodes that reach each other, and nothing else. */
    public static NetworkNamespaces of(String... names) {
        removeStale();
        NetworkNamespaces network = new NetworkNamespaces();
        AtExit.undo(network.atExit);
        try {
            network.build(names);
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /** The address of a node, in 10.77.0.0/24. */
    public InetAddress address(String node) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 77, 0, number(node).byteValue()});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are always an address", e);
        }
    }

    /** The command as it must be started to run inside the node; hand it to {@link Children}. */
    public List<String> inside(String node, List<String> command) {
        List<String> whole = new ArrayList<>(List.of(ip(), "netns", "exec", namespace(node)));
        whole.addAll(command);
        return List.copyOf(whole);
    }

    /** Pulls the node's cable: its own interface stays up, packets go nowhere. */
    public void cut(String node) {
        ip("-n", hub, "link", "set", hubEnd(node), "nomaster");
    }

    public void heal(String node) {
        ip("-n", hub, "link", "set", hubEnd(node), "master", BRIDGE);
    }

    @Override
    public void close() {
        try {
            removeAll();
        } finally {
            AtExit.forget(atExit);
        }
    }

    static String probeName() {
        return ownPrefix() + "probe" + NUMBERS.incrementAndGet();
    }

    /** Namespaces of test JVMs that died without a chance to clean up. */
    static void removeStale() {
        for (String namespace : existing()) {
            Matcher ours = OURS.matcher(namespace);
            if (ours.matches()
                    && ProcessHandle.of(Long.parseLong(ours.group("owner"))).isEmpty()) {
                System.err.println("testkit: removing network namespace " + namespace + ", left by a dead test JVM");
                remove(namespace);
            }
        }
    }

    static List<String> existing() {
        return ip("netns", "list")
                .lines()
                .map(line -> line.split(" ", -1)[0])
                .filter(name -> !name.isBlank())
                .toList();
    }

    private void build(String... names) {
        ip("netns", "add", hub);
        ip("-n", hub, "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0", "stp_state", "0");
        ip("-n", hub, "link", "set", BRIDGE, "up");
        for (String name : names) {
            if (!NODE.matcher(name).matches() || nodes.containsKey(name)) {
                throw new IllegalArgumentException("a node's name is new and like " + NODE + ", not " + name);
            }
            nodes.put(name, nodes.size() + 1);
            connect(name);
        }
    }

    private void connect(String node) {
        String namespace = namespace(node);
        ip("netns", "add", namespace);
        ip("-n", hub, "link", "add", hubEnd(node), "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("-n", hub, "link", "set", hubEnd(node), "master", BRIDGE, "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "address", "add", address(node).getHostAddress() + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
    }

    private void removeAll() {
        List<String> existing = existing();
        List<String> own = new ArrayList<>(List.of(hub));
        nodes.keySet().forEach(node -> own.add(namespace(node)));
        own.stream().filter(existing::contains).forEach(NetworkNamespaces::remove);
    }

    /** A process inside would keep the namespace alive without a name, out of everybody's sight. */
    private static void remove(String namespace) {
        ip("netns", "pids", namespace)
                .lines()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
                .forEach(ProcessHandle::destroyForcibly);
        ip("netns", "delete", namespace);
    }

    private String namespace(String node) {
        return hub + "-" + number(node) + "-" + node;
    }

    private Integer number(String node) {
        Integer number = nodes.get(node);
        if (number == null) {
            throw new IllegalArgumentException("no node " + node + " among " + nodes.keySet());
        }
        return number;
    }

    private static String hubEnd(String node) {
        return "to-" + node;
    }

    private static String ownPrefix() {
        return PREFIX + ProcessHandle.current().pid() + "-";
    }

    private static String ip() {
        return Tools.find("ip")
                .orElseThrow(() -> new AssertionError("no `ip` (iproute2); ask Tools.requireNetworkNamespaces first"))
                .toString();
    }

    private static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ip()));
        command.addAll(List.of(arguments));
        return Command.run(command.toArray(String[]::new)).orFail();
    }
}
