package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Jdk;
import com.foobar.testkit.Jdks;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Signal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged jar as its users have it: a process started from some other directory. */
class LauncherIT {
    private static final Path JAR = Path.of("target", "launcher.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private final Children children = new Children();
    private final int admin = FreePorts.one();
    private final int http = FreePorts.one();
    private final int https = FreePorts.one();
    private final int web = FreePorts.block(2).get(0);

    @AfterEach
    void endAll() {
        children.close();
    }

    static Stream<Jdk> jdks() {
        return Stream.of(Jdks.running(), Jdks.newest()).distinct();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void startsFromAnyDirectoryAnswersAndStopsInOrder(Jdk jdk) throws Exception {
        Child process = start(jdk);

        process.awaitLine(".* is ready after .*", PATIENCE);
        assertThat(ask("GET", "/ready", "").status()).isEqualTo(200);
        assertThat(ask("GET", "/topology", "").text()).contains("\"name\":\"db3\"");
        assertThat(ask("GET", "/metrics", "").text()).contains("foobar_build_info{version=\"0.");
        process.signal(Signal.TERM);

        assertThat(process.awaitExit(PATIENCE)).isEqualTo(Exit.GOOD);
        assertThat(process.output()).endsWith("\nstopped").doesNotContain("Exception");
        // JDK 24 and later name whoever uses sun.misc.Unsafe, four lines of it; Ratis's Protocol Buffers do, and
        // nothing stops the words.
        assertThat(process.output().lines().filter(line -> line.startsWith("WARNING:")))
                .allMatch(line ->
                        line.matches(".*(Unsafe|reporting this to the maintainers of class org.apache.ratis).*"));
        int lb = process.output().indexOf("lb1    stopped");
        assertThat(lb).isPositive().isLessThan(process.output().indexOf("db1    stopped"));
    }

    @Test
    void theSecondInOneDataDirectoryIsToldWhoHoldsIt() throws Exception {
        Child first = start(Jdks.running());
        first.awaitLine(".* is ready after .*", PATIENCE);

        Child second = start(Jdks.running(), "--set", "admin.port=" + FreePorts.one());

        assertThat(second.awaitExit(PATIENCE)).isEqualTo(Exit.COULD_NOT_START);
        assertThat(second.output()).contains("is in use by process " + first.pid(), "--data");
    }

    @Test
    void aTakenPortIsNamedWithItsKeyAndItsProcess() throws Exception {
        try (ServerSocket taken = new ServerSocket(admin, 1, InetAddress.getLoopbackAddress())) {
            Child process = start(Jdks.running());

            assertThat(process.awaitExit(PATIENCE)).isEqualTo(Exit.COULD_NOT_START);
            assertThat(process.output())
                    .contains("127.0.0.1:" + taken.getLocalPort() + ": the port is in use by process "
                            + ProcessHandle.current().pid())
                    .contains("admin.port");
        }
    }

    @Test
    void aBadReloadChangesNothingAndAGoodOneDoes() throws Exception {
        Path file = Files.writeString(temp.resolve("t.yaml"), topology(String.valueOf(http)));
        Child process = start(Jdks.running(), "--conf", file.toString());
        process.awaitLine(".* is ready after .*", PATIENCE);

        Files.writeString(file, topology("eighty"));
        RawResponse refused = reload();
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("t.yaml:3: lb.http: given");
        assertThat(ask("GET", "/metrics", "").text()).contains("foobar_reload_last_success 0.0");

        Files.delete(file);
        assertThat(reload().text()).contains("there is no such file");
        assertThat(ask("GET", "/ready", "").status()).isEqualTo(200);

        Files.writeString(file, topology(String.valueOf(http)).replace("www.foobar.com", "www.example.com"));
        process.signal(Signal.HUP);
        process.awaitLine(".*reloaded: site: .* -> www.example.com.*", PATIENCE);
        assertThat(ask("GET", "/topology", "").text()).contains("www.example.com");
        assertThat(ask("GET", "/metrics", "").text()).contains("foobar_reload_last_success 1.0");
    }

    @Test
    void twoReloadsAtOnceAreBothAnswered() throws Exception {
        start(Jdks.running()).awaitLine(".* is ready after .*", PATIENCE);

        List<Thread> askers = new ArrayList<>();
        List<Integer> statuses = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            Thread asker = new Thread(() -> statuses.add(reload().status()));
            askers.add(asker);
            asker.start();
        }
        for (Thread asker : askers) {
            asker.join(PATIENCE.toMillis());
        }

        assertThat(statuses).hasSize(8).containsOnly(200);
    }

    @Test
    void aSingleDatabaseAnswersAloneAndSaysSo() throws Exception {
        Path file = Files.writeString(temp.resolve("t.yaml"), topology(String.valueOf(http)));

        Child process = start(Jdks.running(), "--conf", file.toString());

        process.awaitLine(".*Migrating schema.*|.*Successfully applied .* migration.*", PATIENCE);
        assertThat(process.output()).contains("one database node: without a replica its loss is the loss of the data");
        process.awaitLine(".*SOLO: the primary answers its clients alone, as declared.*", PATIENCE);
    }

    @Test
    void oneRoleOfTheServer() throws Exception {
        Child process = start(Jdks.running(), "--role", "web");
        process.awaitLine(".* is ready after .*", PATIENCE);

        assertThat(process.output())
                .contains("web1", "web2")
                .doesNotContain("lb1", " appserver ", " database-cluster ");
    }

    @Test
    void ordersReachThePoolsOfEveryTier() throws Exception {
        start(Jdks.running()).awaitLine(".* is ready after .*", PATIENCE);

        assertThat(said("drain", "app1")).isEqualTo("app/app1: done");
        assertThat(said("drain", "web2")).isEqualTo("web/web2: done");
        assertThat(said("status"))
                .contains("POOL app of web1", "POOL app of web2", "POOL web of lb1")
                .containsPattern("app1 .* drain ")
                .containsPattern("web2 .* drain ");
    }

    @Test
    void ordersToTheDatabaseByTheirCommands() throws Exception {
        start(Jdks.running()).awaitLine(".* is ready after .*", PATIENCE);
        Await.until(
                "all follow",
                PATIENCE,
                () -> order("switchover", "--dry-run"),
                plan -> plan.exit() == Exit.GOOD && !plan.text().contains("not eligible"));

        Jar.Said unknown = order("switchover", "--to", "db9");
        assertThat(unknown.exit()).as(unknown.text()).isEqualTo(Exit.USAGE);
        assertThat(unknown.text()).contains("there is no node db9, there are db1, db2, db3");
        Jar.Said drained = order("drain", "db1");
        assertThat(drained.exit()).as(drained.text()).isEqualTo(Exit.GOOD);
        Jar.Said refused = order("switchover", "--to", "db1");
        assertThat(refused.exit()).as(refused.text()).isEqualTo(Exit.FOUND);
        assertThat(order("ready", "db1").exit()).isEqualTo(Exit.GOOD);
        assertThat(order("maintenance", "db1").exit()).isEqualTo(Exit.USAGE);
        Jar.Said anew = Await.until(
                "it follows, and is provisioned anew",
                PATIENCE,
                () -> order("rejoin", "db1", "--anew"),
                said -> said.exit() == Exit.GOOD);
        assertThat(anew.text()).contains("db1 was provisioned anew", "the old data is kept in");
    }

    private Jar.Said order(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--set", "admin.port=" + admin, "--data", temp.resolve("data").toString()));
        return Jar.say(children, all.toArray(String[]::new));
    }

    private String said(String... command) {
        List<String> arguments = new ArrayList<>(List.of("-jar", JAR.toString()));
        arguments.addAll(List.of(command));
        arguments.addAll(List.of("--set", "admin.port=" + admin));
        if (!command[0].equals("status")) {
            arguments.addAll(List.of("--data", temp.resolve("data").toString()));
        }
        Child asking = children.start(command[0], Children.java(arguments.toArray(String[]::new)));
        assertThat(asking.awaitExit(PATIENCE)).as(asking.output()).isLessThan(Exit.USAGE);
        return asking.output();
    }

    @Test
    void theDistributionRunsAfterUnpacking() throws Exception {
        Path archive = onlyArchive();
        assertThat(children.start("tar", List.of("tar", "-xzf", archive.toString(), "-C", temp.toString()))
                        .awaitExit(PATIENCE))
                .isZero();
        Path home = temp.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
        for (String part : List.of("launcher.jar", "lib", "conf/demo.yaml", "site", "deploy", "LICENSE", "NOTICE")) {
            assertThat(home.resolve(part)).exists();
        }

        Child process = children.start(
                "foobar",
                new ProcessBuilder(
                                home.resolve("bin/foobar").toString(),
                                // It carries no database server, and perhaps none is installed here.
                                "--role",
                                "lb,web,app",
                                "--data",
                                temp.resolve("data").toString(),
                                "--set",
                                "admin.port=" + admin,
                                "--set",
                                "lb.http=" + http,
                                "--set",
                                "lb.https=" + https,
                                "--set",
                                "webserver.port=" + web)
                        .directory(temp.toFile()));

        process.awaitLine(".* is ready after .*", PATIENCE);
        try (RawHttp client = RawHttp.connect(http)) {
            RawResponse page =
                    client.sendLines("GET / HTTP/1.1", "Host: localhost").response();
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("X-Served-By")).startsWith("lb1, web");
            assertThat(page.text()).contains("www.foobar.com");
        }
    }

    private static Path onlyArchive() throws Exception {
        try (Stream<Path> files = Files.list(JAR.getParent())) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Child start(Jdk jdk, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-jar", JAR.toString(), "--data", temp.resolve("data").toString(), "--set", "admin.port=" + admin));
        if (!List.of(words).contains("--conf")) {
            arguments.addAll(List.of(
                    "--set", "lb.http=" + http, "--set", "lb.https=" + https, "--set", "webserver.port=" + web));
        }
        for (String key : List.of("appserver.port", "database-cluster.port", "database-cluster.quorum-port")) {
            arguments.addAll(List.of("--set", key + "=" + FreePorts.block(3).get(0)));
        }
        arguments.addAll(List.of(words));
        return children.start(
                "foobar",
                new ProcessBuilder(Children.java(jdk, arguments.toArray(String[]::new))).directory(temp.toFile()));
    }

    private String topology(String port) {
        return """
                site: www.foobar.com
                servers: { a: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] } }
                lb: { http: %s, https: %d }
                webserver: { port: %d, root: '%s' }
                """
                .formatted(port, https, web, temp);
    }

    private RawResponse reload() {
        try {
            return ask(
                    "POST",
                    "/reload",
                    "Authorization: Bearer "
                            + Files.readString(temp.resolve("data/admin.token")).strip() + "\r\n");
        } catch (java.io.IOException missing) {
            throw new java.io.UncheckedIOException(missing);
        }
    }

    private RawResponse ask(String method, String target, String headers) {
        try (RawHttp http = RawHttp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin))) {
            http.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + headers + "\r\n");
            return http.response();
        }
    }
}
