package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Tools;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open connections that say little must cost little, and one too many must be told so. */
class TenThousandConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int TRICKLE = 2_000;

    /** The rest of this process: the build tool's jars, threads, connections to servers. */
    private static final int OTHER_FILES = 500;

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path data;

    @Test
    void allAreAnsweredAndOneTooManyIsRefusedInWords() throws Exception {
        requireFiles(CONNECTIONS + OTHER_FILES);
        long seed = System.nanoTime();
        try (Children children = new Children()) {
            BackendProcess a = new BackendProcess(children, "a", data).start();
            try (Balancer balancer = Balancer.before(
                    data,
                    List.of(a.server()),
                    Balancer.UNCHECKED,
                    "limits: {connections: " + CONNECTIONS + ", connections-per-address: " + 2 * CONNECTIONS
                            + ", idle: 5m}")) {
                assertThat(balancer.get("/").status()).isEqualTo(200);
                long before = heap();
                Child crowd = children.start(
                        "crowd",
                        Children.java(
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                BackendProcess.classes(),
                                Crowd.class.getName(),
                                Integer.toString(balancer.port()),
                                Integer.toString(CONNECTIONS),
                                Integer.toString(TRICKLE),
                                Long.toString(seed)));
                assertThat(crowd.awaitLine("^connected ", LONG)).isEqualTo("connected " + CONNECTIONS);
                assertThat(crowd.awaitLine("^greeted ", LONG)).isEqualTo("greeted " + CONNECTIONS);
                refused(balancer);
                long each = (heap() - before) / CONNECTIONS;
                System.out.println("TenThousandConnectionsTest: " + each + " bytes of heap for each idle connection");
                assertThat(each).isLessThan(16 * 1024);
                assertThat(crowd.awaitLine("^trickled ", LONG))
                        .as("seed " + seed)
                        .isEqualTo("trickled " + TRICKLE);
                crowd.kill();
                Await.until(
                        "who comes is let in again",
                        Balancer.PATIENCE,
                        () -> balancer.get("/").status() == 200);
            }
        }
    }

    private static void refused(Balancer balancer) {
        for (int i = 0; i < 20; i++) {
            try (RawHttp late = balancer.connect()) {
                RawResponse answer = late.response();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.complete()).isTrue();
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(late.isClosedWithin(Balancer.PATIENCE)).isTrue();
            }
        }
    }

    private static void requireFiles(long needed) {
        long most = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        if (most < needed) {
            Tools.missing(
                    "a process may open " + most + " files here, this test needs " + needed + "; raise ulimit -n");
        }
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        System.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
