package com.foobar.appserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.foobar.appserver.container.Generation;
import com.foobar.appserver.deploy.ApplicationState.Status;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications come, change and go while the server runs. */
class DeploymentIT {
    @TempDir
    Path folder;

    @Test
    void followsItsFolder() throws Exception {
        try (App app = new App(folder)) {
            App.saying("first").to(app.apps.resolve("shop.war"));
            App.saying("root").unpacked(app.apps.resolve("ROOT"));
            app.role.start();
            assertThat(app.role.readiness().ready()).isTrue();
            assertThat(app.get("/shop/word").text()).isEqualTo("first");
            assertThat(app.get("/word").text()).isEqualTo("root");

            App.saying("deep").to(app.apps.resolve("shop#admin.war"));
            app.awaitText("/shop/admin/word", "deep");
            App.saying("second").to(app.apps.resolve("shop.war"));
            app.awaitText("/shop/word", "second");
            assertThat(app.state("shop").version()).isEqualTo(2);

            Files.delete(app.apps.resolve("shop.war"));
            Await.until(
                    "shop is gone", App.PATIENCE, () -> app.get("/shop/word").status() == 404);
            assertThat(app.get("/shop/admin/word").text()).isEqualTo("deep");
            assertThat(app.metrics())
                    .contains("foobar_app_deployments_total{app=\"app1\",application=\"shop\",result=\"started\"} 2.0");
        }
    }

    @Test
    void aFailingVersionLeavesTheOldOne() throws Exception {
        try (App app = new App(folder)) {
            Path war = app.apps.resolve("shop.war");
            App.saying("good").to(war);
            app.role.start();
            // Not before: the first start of all loads a generation.
            app.role.prepare(app.plan("start: 3s")).commit();

            listening("throw new IllegalStateException(\"no stock\");").to(war);
            app.await("shop", Status.OUTDATED);
            assertThat(app.state("shop").problem()).contains("no stock");
            assertThat(app.get("/shop/word").text()).isEqualTo("good");

            listening("new java.util.concurrent.CountDownLatch(1).await();").to(war);
            Await.until("the hanging one is given up", App.PATIENCE, () -> app.state("shop")
                    .problem()
                    .contains("did not start within 3 s"));
            assertThat(app.state("shop").problem()).contains("it is in");
            assertThat(app.get("/shop/word").text()).isEqualTo("good");

            Files.writeString(war, "this is no zip file");
            Await.until("rubbish is named", App.PATIENCE, () -> app.state("shop")
                    .problem()
                    .contains("shop.war is no complete ZIP file"));
            assertThat(app.role.readiness().ready()).isTrue();
            assertThat(app.metrics()).contains("application=\"shop\",result=\"failed\"} 3.0");

            app.role.prepare(app.plan()).commit();
            App.saying("better").to(war);
            app.awaitText("/shop/word", "better");
            assertThat(app.state("shop").problem()).isEmpty();
        }
    }

    @Test
    void whatFailsAtTheStartIsToldAndTheOthersRun() throws Exception {
        try (App app = new App(folder, "applications: {checked: {ready: /nothing}}")) {
            App.saying("well").to(app.apps.resolve("good.war"));
            listening("throw new IllegalStateException(\"on purpose\");").to(app.apps.resolve("bad.war"));
            App.saying("never").to(app.apps.resolve("checked.war"));
            app.role.start();
            assertThat(app.role.readiness().ready()).isTrue();
            assertThat(app.state("bad").status()).isEqualTo(Status.FAILED);
            assertThat(app.state("checked").problem()).contains("answered /nothing with 404");
            assertThat(app.get("/good/word").text()).isEqualTo("well");
            assertThat(app.get("/checked/word").status()).isEqualTo(404);
        }
    }

    @Test
    void aFileThatIsStillCopiedWaits() throws Exception {
        try (App app = new App(folder, "look: 1s")) {
            app.role.start();
            assertThat(app.role.readiness().reason()).contains("no application in");
            byte[] whole = Files.readAllBytes(App.saying("whole").to(folder.resolve("x.war")));
            Path war = app.apps.resolve("slow.war");
            for (int part = 1; part <= 10; part++) {
                Files.write(war, Arrays.copyOf(whole, whole.length * part / 10));
                long until = System.nanoTime() + 150_000_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
            app.awaitText("/slow/word", "whole");
            assertThat(app.state("slow").version()).isEqualTo(1);
        }
    }

    @Test
    void aRequestInTheOldVersionEnds() throws Exception {
        War slow = War.of(Generation.EE10)
                .servlet(
                        "Slow",
                        "/slow",
                        "new java.util.concurrent.CountDownLatch(1).await(1500, java.util.concurrent.TimeUnit.MILLISECONDS); response.getWriter().print(\"old\");")
                .servlet("Word", "/word", "response.getWriter().print(\"old\");");
        try (App app = new App(folder)) {
            slow.to(app.apps.resolve("shop.war"));
            app.role.start();
            try (RawHttp client = app.connect()) {
                client.send("GET /shop/slow HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until("it is in", App.PATIENCE, () -> app.state("shop").inFlight() == 1);
                App.saying("new").to(app.apps.resolve("shop.war"));
                app.awaitText("/shop/word", "new");
                RawResponse response = client.response();
                assertThat(response.text()).isEqualTo("old");
            }
        }
    }

    @Test
    void noRequestIsLostWhileVersionsChange() throws Exception {
        try (App app = new App(folder)) {
            App.saying("v0").to(app.apps.resolve("shop.war"));
            app.role.start();
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> {
                int count = 0;
                try (RawHttp client = app.connect()) {
                    while (!stop.get()) {
                        RawResponse one = client.send("GET /shop/word HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response();
                        count++;
                        if (one.status() != 200 || !one.text().startsWith("v")) {
                            return "after " + count + ": " + one.status() + " " + one.text();
                        }
                    }
                }
                return "";
            });
            for (int version = 1; version <= 4; version++) {
                App.saying("v" + version).to(app.apps.resolve("shop.war"));
                app.awaitText("/shop/word", "v" + version);
            }
            stop.set(true);
            assertThat(load.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void drainsBeforeItCloses() throws Exception {
        War slow = War.of(Generation.EE10)
                .servlet(
                        "Slow",
                        "/slow",
                        "new java.util.concurrent.CountDownLatch(1).await(500, java.util.concurrent.TimeUnit.MILLISECONDS); response.getWriter().print(\"done\");");
        try (App app = new App(folder)) {
            slow.to(app.apps.resolve("shop.war"));
            app.role.start();
            try (RawHttp client = app.connect()) {
                client.send("GET /shop/slow HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until("it is in", App.PATIENCE, () -> app.state("shop").inFlight() == 1);
                CompletableFuture<Void> draining =
                        CompletableFuture.runAsync(() -> app.role.drain(Duration.ofSeconds(10)));
                Await.until(
                        "not ready", App.PATIENCE, () -> !app.role.readiness().ready());
                assertThat(client.response().text()).isEqualTo("done");
                draining.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aStartThatIsCutShortLeavesNothingBehind() throws Exception {
        Path isIn = folder.resolve("is-in");
        Path isOut = folder.resolve("is-out");
        War slow = listening(
                """
                java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "");
                java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
                try {
                    never.await();
                } catch (InterruptedException asked) {
                    never.await(300, java.util.concurrent.TimeUnit.MILLISECONDS);
                    java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "");
                }
                """
                        .formatted(isIn, isOut));
        try (App app = new App(folder)) {
            slow.to(app.apps.resolve("shop.war"));
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread starting = new Thread(() -> failure.complete(catchThrowable(app.role::start)));
            starting.start();
            Await.until("it is in its listener", App.PATIENCE, () -> Files.exists(isIn));

            starting.interrupt();

            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessage("stopped while its applications started");
            assertThat(isOut).as("it was waited for").exists();
            assertThat(folder.resolve("data/apps/app1")).doesNotExist();
        }
    }

    private static War listening(String body) {
        return War.of(Generation.EE10)
                .java(
                        "Listener",
                        """
                @SERVLET.annotation.WebListener
                public class Listener implements SERVLET.ServletContextListener {
                    @Override
                    public void contextInitialized(SERVLET.ServletContextEvent event) {
                        try {
                            if (event != null) {
                                %s
                            }
                        } catch (InterruptedException stopped) {
                            throw new IllegalStateException(stopped);
                        } catch (RuntimeException failed) {
                            throw failed;
                        } catch (Exception failed) {
                            throw new IllegalStateException(failed);
                        }
                    }
                }
                """
                                .formatted(
                                        body.contains("await")
                                                ? body
                                                : "if (Thread.interrupted()) throw new InterruptedException(); "
                                                        + body));
    }
}
