package com.foobar.appserver.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.http.transport.Fabric;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications may do to each other and to the server, and what the seams see of them. */
class GuestsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private int folders;

    private Path unpacked(War war) throws Exception {
        return war.unpacked(Files.createDirectory(folder.resolve("root" + ++folders)));
    }

    private static RawHttp ask(Rig rig, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return rig.client().send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n" + more + "\r\n");
    }

    private static RawResponse get(Rig rig, String path, String... fields) {
        try (RawHttp client = ask(rig, path, fields)) {
            return client.response();
        }
    }

    @ParameterizedTest
    @EnumSource(Fabric.Kind.class)
    void oneThatEatsItsThreadsLeavesTheOthersWell(Fabric.Kind kind) throws Exception {
        War hog = War.of(Generation.EE10)
                .servlet(
                        "Hog",
                        "/hog",
                        "new java.util.concurrent.CountDownLatch(1).await(3, java.util.concurrent.TimeUnit.SECONDS);");
        War good = War.of(Generation.EE11).servlet("Good", "/good", "response.getWriter().print(\"well\");");
        try (Rig rig = new Rig(kind, folder, Container.Hooks.NONE, 20)) {
            Application eater = rig.deploy("hog", Generation.EE10, unpacked(hog), 5);
            rig.deploy("good", Generation.EE11, unpacked(good), 5);
            List<RawHttp> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(ask(rig, "/hog/hog"));
            }
            Await.until("all places are taken", PATIENCE, () -> eater.inFlight() == 5);
            RawResponse refused = get(rig, "/hog/hog");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            for (int i = 0; i < 20; i++) {
                assertThat(get(rig, "/good/good").text()).isEqualTo("well");
            }
            for (RawHttp client : clients) {
                assertThat(client.response().status()).isEqualTo(200);
                client.close();
            }
            // A place is given back when the exchange has ended, which a client may see a moment earlier.
            Await.until("all places are free again", PATIENCE, () -> eater.inFlight() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Generation.class)
    void redeploysLeakNothing(Generation generation) throws Exception {
        War war = War.of(generation)
                .file("page.jsp", "<%= 6 * 7 %>")
                .servlet(
                        "Data",
                        "/data",
                        """
                        byte[] some = new byte[1000];
                        request.getSession().setAttribute("x", "y");
                        new javax.naming.InitialContext().lookup("java:comp/env/text/motto");
                        response.getWriter().print("ok");
                        """);
        Resources resources = application -> Map.of("text/motto", "none");
        Container.Hooks hooks = new Container.Hooks(Sessions.IN_MEMORY, resources, RequestHook.NONE);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (Rig rig = new Rig(Fabric.Kind.AUTO, folder, hooks, 20)) {
            Path root = unpacked(war);
            for (int i = 0; i < 20; i++) {
                Application fresh = rig.deploy("shop", generation, root);
                loaders.add(new WeakReference<>(Objects.requireNonNull(fresh.classLoader())));
                if (i % 5 == 0) {
                    assertThat(get(rig, "/shop/data").text()).isEqualTo("ok");
                    assertThat(get(rig, "/shop/page.jsp").text()).isEqualTo("42");
                }
            }
            loaders.remove(loaders.size() - 1);
            Await.until("the class loaders are collected", PATIENCE, () -> {
                System.gc();
                // The last few may be held by caches that turn over: what grows without end is a leak.
                return loaders.stream().filter(one -> one.get() != null).count() <= 1;
            });
        }
    }

    @Test
    void theHookSeesEveryRequestAndItsThreads() throws Exception {
        War war = War.of(Generation.EE10)
                .servlet("Now", "/now", "response.getWriter().print(\"now\");")
                .servlet(
                        "Later",
                        "/later",
                        """
                        AsyncContext async = request.startAsync();
                        async.start(() -> {
                            try { async.getResponse().getWriter().print("later"); } catch (IOException e) { }
                            async.complete();
                        });
                        """);
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        RequestHook hook = request -> {
            seen.add("begin " + request.cookie("t") + " " + request.secure() + " "
                    + request.requestId().length());
            return new RequestHook.Companion() {
                @Override
                public void enter() {
                    seen.add("enter");
                }

                @Override
                public void leave() {
                    seen.add("leave");
                }

                @Override
                public void committing(RequestHook.Leaving answer) {
                    seen.add("committing");
                    answer.setCookie("t=2; Path=/");
                }

                @Override
                public void end() {
                    seen.add("end");
                }
            };
        };
        for (Fabric.Kind kind : Fabric.Kind.values()) {
            Path own = Files.createDirectory(folder.resolve(kind.name()));
            try (Rig rig = new Rig(kind, own, new Container.Hooks(Sessions.IN_MEMORY, Resources.NONE, hook), 20)) {
                rig.deploy("shop", Generation.EE10, unpacked(war));
                seen.clear();
                RawResponse now = get(rig, "/shop/now", "Cookie: t=1");
                assertThat(now.header("Set-Cookie")).isEqualTo("t=2; Path=/");
                Await.until("it is over", PATIENCE, () -> seen.contains("end"));
                assertThat(seen).startsWith("begin 1 false 26", "enter").containsOnlyOnce("committing", "end");
                assertThat(seen.stream().filter("enter"::equals).count())
                        .isEqualTo(seen.stream().filter("leave"::equals).count());
                seen.clear();
                assertThat(get(rig, "/shop/later").text()).isEqualTo("later");
                Await.until("it is over", PATIENCE, () -> seen.contains("end"));
                assertThat(seen.stream().filter("enter"::equals).count()).isGreaterThan(1);
            }
        }
    }

    /** Their filter is the dearest thing in the way of a request that has nothing to do with them. */
    @ParameterizedTest
    @EnumSource(Generation.class)
    void whoNamesNoWebSocketHasNoFilterForThem(Generation generation) throws Exception {
        String filters = "response.getWriter().print(getServletContext().getFilterRegistrations().size());";
        War without = War.of(generation).servlet("Filters", "/filters", filters);
        War with = War.of(generation)
                .servlet("Filters", "/filters", filters)
                .java("Silent", "@WEBSOCKET.server.ServerEndpoint(\"/silent\") public class Silent {}");
        try (Rig rig = new Rig(Fabric.Kind.AUTO, folder, Container.Hooks.NONE, 20)) {
            rig.deploy("without", generation, unpacked(without));
            rig.deploy("with", generation, unpacked(with));
            assertThat(get(rig, "/without/filters").text()).isEqualTo("0");
            assertThat(get(rig, "/with/filters").text()).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(Generation.class)
    void webSocketsGoThrough(Generation generation) throws Exception {
        War war = War.of(generation)
                .java(
                        "Echo",
                        """
                @WEBSOCKET.server.ServerEndpoint("/echo")
                public class Echo {
                    @WEBSOCKET.OnMessage
                    public String echo(String text) {
                        return "you said " + text;
                    }
                }
                """);
        try (Rig rig = new Rig(Fabric.Kind.AUTO, folder, Container.Hooks.NONE, 20)) {
            rig.deploy("chat", generation, unpacked(war));
            try (RawHttp client = rig.client()) {
                client.sendLines(
                        "GET /chat/echo HTTP/1.1",
                        "Host: www.foobar.com",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
                RawResponse switched = client.anyResponse();
                assertThat(switched.status()).isEqualTo(101);
                assertThat(switched.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                client.sendBytes(frame("hello"));
                String answer = "you said hello";
                byte[] frame = client.readBytes(2 + answer.length());
                assertThat(new String(frame, 2, answer.length(), StandardCharsets.UTF_8))
                        .isEqualTo(answer);
            }
        }
    }

    /** As Java's own client asks of every server without TLS; the web tier takes the settings off and passes the wish on. */
    @ParameterizedTest
    @EnumSource(Fabric.Kind.class)
    void aWishForHttp2DoesNotHinderARequest(Fabric.Kind kind) throws Exception {
        War good = War.of(Generation.EE10).servlet("Good", "/good", "response.getWriter().print(\"well\");");
        try (Rig rig = new Rig(kind, folder, Container.Hooks.NONE, 20)) {
            rig.deploy("good", Generation.EE10, unpacked(good));
            RawResponse answer = get(
                    rig,
                    "/good/good",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("well");
        }
    }

    /** A masked text frame with a mask of zeros. */
    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + bytes.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }

    @Test
    void whatIsOursIsNotSeen() throws Exception {
        War nosy = War.of(Generation.EE11)
                .servlet(
                        "Nosy",
                        "/nosy",
                        """
                StringBuilder seen = new StringBuilder();
                for (String name : new String[] {"com.foobar.kernel.time.Time", "io.undertow.Undertow", "org.slf4j.Logger",
                        "org.eclipse.jetty.server.Server", "jakarta.servlet.Servlet"}) {
                    try { Class.forName(name); seen.append(name).append(' '); } catch (ClassNotFoundException hidden) { }
                }
                response.getWriter().print(seen);
                """);
        try (Rig rig = new Rig(Fabric.Kind.AUTO, folder, Container.Hooks.NONE, 20)) {
            rig.deploy("nosy", Generation.EE11, unpacked(nosy));
            assertThat(get(rig, "/nosy/nosy").text().strip()).isEqualTo("jakarta.servlet.Servlet");
        }
    }
}
