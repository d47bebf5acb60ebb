package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.dialect.Dialects;
import com.foobar.database.model.NodeName;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listens at an operator's port is asked its name before anything else. */
class ForeignServerTest {

    private static final NodeName DB1 = new NodeName("db1");

    @TempDir
    Path folder;

    @Test
    void mySqlIsRefusedWithItsVersionAndTheWayOut() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> saying = CompletableFuture.runAsync(() -> greet(listener, "8.4.3"));
            assertThatThrownBy(() -> server(listener).refuseForeign())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("8.4.3")
                    .hasMessageContaining("takes MariaDB from 10.6 on");
            saying.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void mariaDbIsNot() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> saying = CompletableFuture.runAsync(() -> greet(listener, "11.4.5-MariaDB-log"));
            assertThatCode(() -> server(listener).refuseForeign()).doesNotThrowAnyException();
            saying.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void oneThatDoesNotRunYetIsNobody() throws Exception {
        ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();
        assertThatCode(() -> server(gone).refuseForeign()).doesNotThrowAnyException();
    }

    private ServiceServer server(ServerSocket listener) {
        HostPort at = new HostPort("127.0.0.1", listener.getLocalPort());
        KeeperPlan plan = new KeeperPlan(
                DB1,
                "c1",
                folder.resolve("keeper"),
                Dialects.MARIADB,
                Map.of(DB1, at),
                Map.of(),
                "app",
                Optional.empty(),
                Optional.empty(),
                KeeperPlan.Limits.DEFAULT);
        Service service = new Service(
                List.of(), List.of(), List.of(), folder.resolve("pid"), Optional.empty(), Duration.ofSeconds(1));
        return new ServiceServer(service, plan, new ManualTime());
    }

    private static void greet(ServerSocket listener, String version) {
        try (Socket guest = listener.accept();
                OutputStream out = guest.getOutputStream()) {
            out.write(("U\0\0\0\n" + version + "\0rest").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
