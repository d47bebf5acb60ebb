package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespacesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @BeforeEach
    void need() {
        Tools.requireNetworkNamespaces();
    }

    @Test
    void nodesReachEachOtherUntilACableIsPulledAndAgainWhenItIsBack() {
        try (NetworkNamespaces network = NetworkNamespaces.of("lb1", "web1");
                Children children = new Children()) {
            Child server = children.start("echo", network.inside("web1", java(Echo.class, "serve")));
            server.awaitLine("listening", LONG);
            Child client = children.start(
                    "asking",
                    network.inside(
                            "lb1", java(Echo.class, network.address("web1").getHostAddress())));
            client.awaitLine("answer", LONG);
            network.cut("web1");
            awaitAfter(client, client.lines().size(), "silence");
            int cut = client.lines().size();
            network.heal("web1");
            awaitAfter(client, cut, "answer");
        }
    }

    @Test
    void theMachineItselfSeesNothingOfThem() {
        String before = Command.run("ip", "-o", "link").orFail().replaceAll("(?m)@.*$", "");
        try (NetworkNamespaces network = NetworkNamespaces.of("db1")) {
            assertThat(network.address("db1").getHostAddress()).isEqualTo("10.77.0.1");
            assertThat(Command.run("ip", "-o", "link").orFail().replaceAll("(?m)@.*$", ""))
                    .isEqualTo(before);
        }
    }

    @Test
    void nothingIsLeftAfterClose() {
        NetworkNamespaces network = NetworkNamespaces.of("a", "b");
        try (Children children = new Children()) {
            Child inside = children.start("sleeper", network.inside("a", List.of("sh", "-c", "echo up; sleep 600")));
            inside.awaitLine("up", LONG);
            assertThat(own()).hasSize(3);
            network.close();
            network.close();
            assertThat(own()).isEmpty();
            assertThat(inside.awaitExit(LONG)).as("killed").isNotZero();
        }
    }

    @Test
    void whatADeadTestJvmLeftIsRemovedByTheNext() {
        try (Children children = new Children()) {
            Child jvm = children.start("jvm", java(Killed.class));
            jvm.awaitLine("built", LONG);
            String prefix = "foobar-" + jvm.pid() + "-";
            assertThat(NetworkNamespaces.existing()).anyMatch(name -> name.startsWith(prefix));
            jvm.signal(Signal.KILL);
            jvm.awaitExit(LONG);
            NetworkNamespaces.of("x").close();
            assertThat(NetworkNamespaces.existing()).noneMatch(name -> name.startsWith(prefix));
        }
    }

    @Test
    void refusesNamesThatTheKernelWouldTruncateAndLeavesNothing() {
        assertThatThrownBy(() -> NetworkNamespaces.of("ok", "a-name-that-is-too-long"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(own()).isEmpty();
        try (NetworkNamespaces network = NetworkNamespaces.of("a")) {
            assertThatThrownBy(() -> network.inside("b", List.of("true"))).hasMessageContaining("no node b");
        }
    }

    private static void awaitAfter(Child child, int lines, String word) {
        Await.until(child.name() + " prints " + word, LONG, () -> child.lines().stream()
                .skip(lines)
                .anyMatch(line -> line.startsWith(word)));
    }

    private static List<String> own() {
        String prefix = "foobar-" + ProcessHandle.current().pid() + "-";
        return NetworkNamespaces.existing().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static List<String> java(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(Children.java(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** One datagram answered by another: no connection, so a pulled cable shows at once. */
    static final class Echo {
        private static final int PORT = 7007;

        public static void main(String[] arguments) throws IOException {
            try (DatagramSocket socket = new DatagramSocket(arguments[0].equals("serve") ? PORT : 0)) {
                DatagramPacket packet = new DatagramPacket(new byte[8], 8);
                if (arguments[0].equals("serve")) {
                    System.out.println("listening");
                    while (true) {
                        socket.receive(packet);
                        socket.send(packet);
                    }
                }
                ask(socket, packet, InetAddress.getByName(arguments[0]));
            }
        }

        private static void ask(DatagramSocket socket, DatagramPacket packet, InetAddress server) throws IOException {
            socket.setSoTimeout(100);
            while (true) {
                try {
                    socket.send(new DatagramPacket(new byte[8], 8, server, PORT));
                    socket.receive(packet);
                    System.out.println("answer");
                } catch (SocketTimeoutException e) {
                    System.out.println("silence");
                } catch (NoRouteToHostException e) {
                    System.out.println("silence: " + e.getMessage());
                }
            }
        }
    }

    /** A test JVM that is killed while its network stands. */
    static final class Killed {
        public static void main(String[] arguments) throws InterruptedException {
            NetworkNamespaces network = NetworkNamespaces.of("left");
            System.out.println("built " + network.address("left"));
            Thread.currentThread().join();
        }
    }
}
