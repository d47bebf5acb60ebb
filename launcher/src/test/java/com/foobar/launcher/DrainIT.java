package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.NetworkNamespaces;
import com.foobar.testkit.Signal;
import com.foobar.testkit.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three machines, one process on each: a web server stops and comes back under load, and nobody who asks notices. */
class DrainIT {
    private static final Path JAR = Path.of("target", "launcher.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path temp;

    private final Children children = new Children();

    @AfterEach
    void end() {
        children.close();
    }

    /** Where the admin ports can be reached the balancer is told, else it finds out by its checks. */
    @ParameterizedTest
    @ValueSource(strings = {"{ address: 0.0.0.0, token: secret-of-the-test }", "{ address: 127.0.0.1 }"})
    void aWebServerStopsAndStartsUnderLoadWithoutAFailedRequest(String admin) throws Exception {
        String wrk = Tools.require("wrk").toString();
        Tools.requireNetworkNamespaces();
        try (NetworkNamespaces network = NetworkNamespaces.of("lb1", "web1", "web2")) {
            String balancer = network.address("lb1").getHostAddress();
            Path conf = topology(network, admin);
            Child lb = start(network, conf, "lb1", "lb");
            Child leaving = start(network, conf, "web1", "web");
            start(network, conf, "web2", "web");
            lb.awaitLine("web1 of pool web is up", PATIENCE);
            lb.awaitLine("web2 of pool web is up", PATIENCE);
            Child load = children.start(
                    "wrk",
                    network.inside(
                            "lb1",
                            List.of(
                                    wrk,
                                    "-t1",
                                    "-c16",
                                    "-d15s",
                                    "-H",
                                    "Host: www.foobar.com",
                                    "http://" + balancer + ":8080/")));
            load.awaitLine("Running", PATIENCE);
            leaving.signal(Signal.TERM);
            assertThat(leaving.awaitExit(PATIENCE)).isEqualTo(Exit.GOOD);
            start(network, conf, "web1", "web");
            assertThat(load.awaitExit(PATIENCE)).isZero();
            assertThat(load.output()).contains("Requests/sec").doesNotContain("Non-2xx", "Socket errors");
            if (admin.contains("token")) {
                assertThat(leaving.output()).doesNotContain("answers checks with no");
            } else {
                assertThat(leaving.output()).contains("answers checks with no");
            }
        }
    }

    private Path topology(NetworkNamespaces network, String admin) throws Exception {
        Path root = Files.createDirectories(temp.resolve("root"));
        Files.writeString(root.resolve("index.html"), "page");
        return Files.writeString(
                temp.resolve("topology.yaml"),
                """
                servers:
                  lb1: { address: %s, roles: [lb] }
                  web1: { address: %s, roles: [webserver, appserver, database-cluster] }
                  web2: { address: %s, roles: [webserver, appserver, database-cluster] }
                lb: { https: 0 }
                webserver: { root: '%s' }
                admin: %s
                """
                        .formatted(
                                network.address("lb1").getHostAddress(),
                                network.address("web1").getHostAddress(),
                                network.address("web2").getHostAddress(),
                                root,
                                admin));
    }

    private Child start(NetworkNamespaces network, Path conf, String server, String role) throws Exception {
        List<String> command = new ArrayList<>(Children.java(
                "-jar",
                JAR.toString(),
                "--conf",
                conf.toString(),
                "--server",
                server,
                "--role",
                role,
                "--data",
                temp.resolve(server).toString()));
        Child process = children.start(server, network.inside(server, command));
        process.awaitLine(".* is ready after .*", PATIENCE);
        return process;
    }
}
