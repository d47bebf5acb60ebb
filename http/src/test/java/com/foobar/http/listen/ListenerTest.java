package com.foobar.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import io.undertow.server.HttpServerExchange;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binding, opening, coming and going. */
class ListenerTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private Stage stage;

    @BeforeEach
    void begin() {
        stage = new Stage(Limits.DEFAULT);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aBoundListenerRefusesConnectionsUntilItIsOpened() throws Exception {
        Listener listener = stage.listeners.bind(Binding.http("lb.http", Stage.any()), stage::tell);
        assertThatThrownBy(() -> RawHttp.connect(listener.address())).isInstanceOf(UncheckedIOException.class);

        listener.open();

        try (RawHttp client = RawHttp.connect(listener.address())) {
            assertThat(client.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTakenPortIsNamedWithItsKeyAndItsHolder() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(Stage.any());
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();

            StartFailure failure = catchThrowableOfType(
                    StartFailure.class, () -> stage.listeners.bind(Binding.http("lb.http", address), stage::tell));

            assertThat(failure)
                    .hasMessageContaining(":" + address.getPort())
                    .hasMessageContaining(
                            "in use by this process, " + ProcessHandle.current().pid());
            assertThat(failure.cure()).contains("lb.http");
        }
    }

    @Test
    void aPortTakenByAnotherProcessNamesThatProcess(@TempDir Path dir) throws Exception {
        Path source = Files.writeString(
                dir.resolve("Holder.java"),
                """
                public class Holder {
                    public static void main(String[] a) throws Exception {
                        var s = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress());
                        System.out.println("port " + s.getLocalPort());
                        System.in.read();
                        s.accept();
                    }
                }
                """);
        try (Children children = new Children()) {
            Child child = children.start("holder", Children.java(source.toString()));
            int port = Integer.parseInt(
                    child.awaitLine("port \\d+", Duration.ofSeconds(20)).substring(5));
            InetSocketAddress address = new InetSocketAddress(Stage.any().getAddress(), port);

            StartFailure failure = catchThrowableOfType(
                    StartFailure.class, () -> stage.listeners.bind(Binding.http("web.port", address), stage::tell));

            assertThat(failure).hasMessageContaining("process " + child.pid()).hasMessageContaining("Holder.java");
        }
    }

    @Test
    void aPortTakenBetweenBindAndOpenIsNamedToo() throws Exception {
        Listener listener = stage.listeners.bind(Binding.http("lb.http", Stage.any()), stage::tell);
        try (ServerSocket thief = new ServerSocket()) {
            thief.setReuseAddress(true);
            thief.bind(listener.address());

            assertThatThrownBy(listener::open)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(":" + listener.address().getPort());
        }
    }

    @Test
    void oneListenerGoesAndTheOthersConnectionsStay() throws Exception {
        Listener stays = stage.http();
        Listener goes = stage.http();
        try (RawHttp here = RawHttp.connect(stays.address());
                RawHttp there = RawHttp.connect(goes.address())) {
            assertThat(here.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
            assertThat(there.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);

            stage.listeners.remove(goes);

            assertThat(there.isClosedWithin(SOON)).isTrue();
            assertThatThrownBy(() -> RawHttp.connect(goes.address())).isInstanceOf(UncheckedIOException.class);
            assertThat(here.sendLines("GET / HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
            Listener comes = stage.http();
            try (RawHttp fresh = RawHttp.connect(comes.address())) {
                assertThat(fresh.sendLines("GET / HTTP/1.1", "Host: x")
                                .response()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void drainingLetsTheRequestInFlightFinishAndTellsItsClientToGo() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Listener listener = stage.open(Binding.http("lb.http", Stage.any()), exchange -> {
            exchange.dispatch(() -> answer(exchange, entered, mayAnswer));
        });
        try (RawHttp busy = RawHttp.connect(listener.address());
                RawHttp idle = RawHttp.connect(listener.address())) {
            busy.sendLines("GET / HTTP/1.1", "Host: x");
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
            Await.until("both are in", SOON, () -> listener.openConnections() == 2);

            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> drain(listener, SOON));

            assertThat(idle.isClosedWithin(SOON)).isTrue();
            assertThatThrownBy(() -> RawHttp.connect(listener.address())).isInstanceOf(UncheckedIOException.class);
            assertThat(drained.isDone()).isFalse();
            // The client may see the end before the listener has been told of it.
            Await.until("only the busy one is in", SOON, () -> listener.openConnections() == 1);
            mayAnswer.countDown();
            RawResponse response = busy.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(busy.isClosedWithin(SOON)).isTrue();
            assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void drainingGivesUpWhenItsPatienceEnds() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Listener listener = stage.open(Binding.http("lb.http", Stage.any()), exchange -> {
            exchange.dispatch(() -> answer(exchange, entered, never));
        });
        try (RawHttp busy = RawHttp.connect(listener.address())) {
            busy.sendLines("GET / HTTP/1.1", "Host: x");
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();

            assertThat(drain(listener, Duration.ofMillis(200))).isFalse();
            assertThat(listener.openConnections()).isEqualTo(1);

            listener.close();
            assertThat(busy.isClosedWithin(SOON)).isTrue();
        } finally {
            never.countDown();
        }
    }

    @Test
    void aRetiredListenerIsForgottenWithItsLastConnectionAndNotBefore() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Listener busy = stage.open(
                Binding.http("lb.http", Stage.any()),
                exchange -> exchange.dispatch(() -> answer(exchange, entered, mayAnswer)));
        Listener empty = stage.http();
        stage.http();
        try (RawHttp client = RawHttp.connect(busy.address())) {
            client.sendLines("GET / HTTP/1.1", "Host: x");
            assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();

            stage.listeners.retire(busy);
            stage.listeners.retire(empty);

            assertThat(stage.listeners.size()).isEqualTo(2);
            mayAnswer.countDown();
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.isClosedWithin(SOON)).isTrue();
        }
        Await.until("only the third is left", SOON, () -> stage.listeners.size() == 1);
    }

    @Test
    void aListenerThatBecomesAnotherKeepsThoseInsideAsTheyAre() throws Exception {
        Listener listener = stage.http();
        try (RawHttp inside = RawHttp.connect(listener.address())) {
            assertThat(inside.sendLines("GET /1 HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);

            listener.become(Binding.http("lb.other", listener.address()).withProxyFrom(peer -> false));

            assertThat(listener.key()).isEqualTo("lb.other");
            assertThat(inside.sendLines("GET /2 HTTP/1.1", "Host: x").response().status())
                    .isEqualTo(200);
            try (RawHttp later = RawHttp.connect(listener.address())) {
                assertThat(later.isClosedWithin(SOON)).isTrue();
            }
        }
        assertThatThrownBy(() -> listener.become(Binding.http("lb.other", new InetSocketAddress("127.0.0.1", 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void answer(HttpServerExchange exchange, CountDownLatch entered, CountDownLatch mayAnswer) {
        entered.countDown();
        try {
            if (!mayAnswer.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test forgot this request");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.getResponseSender().send("done");
    }

    private static boolean drain(Listener listener, Duration patience) {
        try {
            return listener.drain(patience);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
