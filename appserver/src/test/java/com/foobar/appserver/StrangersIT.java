package com.foobar.appserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.container.Generation;
import com.foobar.appserver.deploy.ApplicationState.Status;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Jdk;
import com.foobar.testkit.Jdks;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that somebody else wrote, and the newest JDK of this machine. */
class StrangersIT {
    @TempDir
    Path folder;

    private static Path stranger() {
        return Path.of(System.getProperty("foobar.wars"), "jolokia.war");
    }

    @Test
    void anApplicationOfOthersRuns() throws Exception {
        try (App app = new App(folder)) {
            Files.copy(stranger(), app.apps.resolve("jolokia.war"));
            app.role.start();
            assertThat(app.state("jolokia").status())
                    .as(app.state("jolokia").problem())
                    .isEqualTo(Status.RUNNING);
            assertThat(app.state("jolokia").generation()).isEqualTo("ee8");
            RawResponse version = app.get("/jolokia/version");
            assertThat(version.text()).contains("\"product\":\"jetty\"").contains("\"status\":200");
            RawResponse read = app.get("/jolokia/read/java.lang:type=Runtime/SpecVersion");
            assertThat(read.text()).contains("\"value\":\"" + Runtime.version().feature());
        }
    }

    /** Every generation with JSP, in a process of its own on the newest JDK. */
    @Test
    void theNewestJdkRunsAllGenerations() throws Exception {
        Path apps = Files.createDirectories(folder.resolve("apps"));
        for (Generation one : Generation.values()) {
            War.of(one)
                    .file("page.jsp", "<%= \"page of \" + application.getMajorVersion() %>")
                    .servlet("Where", "/thread", "response.getWriter().print(Thread.currentThread());")
                    .to(apps.resolve(one.word() + ".war"));
        }
        Files.copy(stranger(), apps.resolve("jolokia.war"));
        Jdk newest = Jdks.newest();
        int port = FreePorts.one();
        try (Children children = new Children()) {
            List<String> command = Children.java(
                    newest,
                    "-cp",
                    String.valueOf(System.getProperty("java.class.path")),
                    "-Dfoobar.environments=" + War.environments(),
                    "com.foobar.appserver.Alone",
                    folder.toString(),
                    String.valueOf(port));
            Child child = children.start("alone", command);
            child.awaitLine(".*ready.*", Duration.ofSeconds(60));
            for (Generation one : Generation.values()) {
                String version = one == Generation.EE8 ? "4" : "6";
                assertThat(get(port, "/" + one.word() + "/page.jsp")).isEqualTo("page of " + version);
                assertThat(get(port, "/" + one.word() + "/thread").startsWith("VirtualThread"))
                        .isEqualTo(newest.version().feature() >= 24);
            }
            assertThat(get(port, "/jolokia/version")).contains("\"product\":\"jetty\"");
        }
    }

    private static String get(int port, String path) {
        try (RawHttp client = RawHttp.connect(port).patience(Duration.ofSeconds(20))) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n\r\n")
                    .response()
                    .text();
        }
    }
}
