package com.foobar.appserver.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.http.transport.Fabric;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More requests than threads and places to wait: told to come again, every one of them, and the server goes on. */
class CrowdedTest {
    private static final int THREADS = 12;
    private static final int QUEUE = 4;
    private static final int CLIENTS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Fabric.Kind.class)
    void aFullServerAnswers503AndIsWellAfterwards(Fabric.Kind kind) throws Exception {
        War slow = War.of(Generation.EE10)
                .servlet(
                        "Slow",
                        "/slow",
                        """
                        new java.util.concurrent.CountDownLatch(1).await(2, java.util.concurrent.TimeUnit.SECONDS);
                        response.getWriter().print("slow");
                        """)
                .servlet("Quick", "/quick", "response.getWriter().print(\"quick\");");
        Rig.Places places = new Rig.Places(THREADS, QUEUE, false);
        try (Rig rig = new Rig(kind, folder, Container.Hooks.NONE, places)) {
            rig.deploy("shop", Generation.EE10, slow.unpacked(Files.createDirectory(folder.resolve("root"))), CLIENTS);
            List<RawHttp> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(rig.client().sendLines("GET /shop/slow HTTP/1.1", "Host: www.foobar.com"));
            }
            int served = 0;
            int refused = 0;
            for (RawHttp client : clients) {
                RawResponse answer = client.response();
                if (answer.status() == 200) {
                    served++;
                } else {
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                    refused++;
                }
                client.close();
            }
            System.out.printf("%s: %d served, %d refused of %d%n", kind, served, refused, CLIENTS);
            assertThat(served).isPositive();
            assertThat(refused).isPositive();
            try (RawHttp client = rig.client()) {
                assertThat(client.sendLines("GET /shop/quick HTTP/1.1", "Host: www.foobar.com")
                                .response()
                                .text())
                        .isEqualTo("quick");
            }
        }
    }
}
