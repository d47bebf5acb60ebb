package com.foobar.appserver.session;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.appserver.Words;
import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Generation;
import com.foobar.appserver.container.RequestHook;
import com.foobar.appserver.container.Resources;
import com.foobar.appserver.container.Rig;
import com.foobar.appserver.data.Nodes;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.appserver.data.TestSettings;
import com.foobar.appserver.data.ToldTopology;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.value.ByteSize;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that cannot be written: whoever asked is told, by an answer, before the application's own has left. */
class KeptSessionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Nodes nodes;
    private static ToldTopology news;
    private static RoutingDataSource source;
    private static long version = 1;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.started(1, 2);
        news = new ToldTopology("foobar", TIME);
        primary(1);
        source = new RoutingDataSource("app1", nodes.accounts(), TestSettings.plain(), news, TIME);
        ClusterSessions.makeTables(source.schema());
    }

    @AfterAll
    static void stop() throws Exception {
        source.close();
        nodes.close();
    }

    private static void primary(int number) throws Exception {
        news.accept(nodes.document(1, version++, number, false, 2));
    }

    private static War counter(Generation generation) {
        return War.of(generation)
                .servlet(
                        "Count",
                        "/count",
                        """
                        HttpSession session = request.getSession();
                        Integer before = (Integer) session.getAttribute("count");
                        session.setAttribute("count", before == null ? 1 : before + 1);
                        if (request.getParameter("long") != null) {
                            response.getWriter().print(new String(new char[200000]).replace('\\0', 'x'));
                            response.flushBuffer();
                        }
                        response.getWriter().print("count " + session.getAttribute("count"));
                        """)
                .servlet(
                        "Flood",
                        "/flood",
                        """
                        request.getSession().setAttribute("flood", new Endless());
                        response.getWriter().print("kept");
                        """)
                .java(
                        "Endless",
                        """
                        public class Endless implements java.io.Serializable {
                            private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
                                for (int i = 0; i < 1024; i++) out.write(new byte[1 << 20]);
                            }
                        }
                        """);
    }

    private Rig rig(Fabric.Kind kind, Generation generation) throws Exception {
        return rig(kind, generation, SessionSettings.Store.CLUSTER);
    }

    private Rig rig(Fabric.Kind kind, Generation generation, SessionSettings.Store store) throws Exception {
        SessionSettings settings = new SessionSettings(store, Duration.ofMinutes(30), ByteSize.parse("1MiB"));
        ClusterSessions sessions = new ClusterSessions("app1", settings, source.primary(), TIME);
        Path own = Files.createTempDirectory(folder, "rig");
        Rig rig = new Rig(kind, own, new Container.Hooks(sessions, Resources.NONE, RequestHook.NONE), 20);
        Path root = counter(generation).unpacked(Files.createDirectory(own.resolve("root")));
        rig.deploy("shop", generation, root);
        return rig;
    }

    private static RawResponse get(Rig rig, String path, String cookie) {
        try (RawHttp client = rig.client()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n"
                            + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n")
                    .response();
        }
    }

    private static String cookie(RawResponse answer) {
        assertThat(answer.status()).isEqualTo(200);
        return answer.header("Set-Cookie").split(";", 2)[0];
    }

    @ParameterizedTest
    @CsvSource({"AUTO,EE8", "AUTO,EE10", "AUTO,EE11", "SOCKETS,EE8", "SOCKETS,EE10", "SOCKETS,EE11"})
    void withoutTheDatabaseAnAnswerThatChangedTheSessionIsA503(Fabric.Kind kind, Generation generation)
            throws Exception {
        try (Rig rig = rig(kind, generation)) {
            String cookie = cookie(get(rig, "/shop/count", ""));
            assertThat(get(rig, "/shop/count", cookie).text()).isEqualTo("count 2");
            primary(0);
            try {
                for (String path : new String[] {"/shop/count", "/shop/count?long=1"}) {
                    RawResponse fresh = get(rig, path, "");
                    assertThat(fresh.status()).isEqualTo(503);
                    assertThat(fresh.header("Retry-After")).isEqualTo("1");
                    assertThat(fresh.header("Set-Cookie")).isNull();
                    assertThat(fresh.header("X-Served-By")).isEqualTo("app1");
                    assertThat(fresh.text())
                            .startsWith("Sessions cannot be kept now")
                            .contains("(request ");
                }
            } finally {
                primary(1);
            }
            assertThat(get(rig, "/shop/count", cookie).text()).isEqualTo("count 3");
        }
    }

    @ParameterizedTest
    @EnumSource(Fabric.Kind.class)
    void aGigabyteInASessionIsRefusedAndTheOthersAreWell(Fabric.Kind kind) throws Exception {
        try (Rig rig = rig(kind, Generation.EE10);
                Words words = Words.heard()) {
            String cookie = cookie(get(rig, "/shop/count", ""));
            String other = cookie(get(rig, "/shop/count", ""));
            RawResponse refused = get(rig, "/shop/flood", cookie);
            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.text()).startsWith("The application keeps more in its session than it may.");
            assertThat(get(rig, "/shop/count", other).text()).isEqualTo("count 2");
            Await.until("its old session is back", PATIENCE, () -> get(rig, "/shop/count", cookie)
                    .text()
                    .startsWith("count "));
            assertThat(get(rig, "/shop/count", cookie).status()).isEqualTo(200);
            Await.until("the attribute is blamed by its name", PATIENCE, () -> words.said()
                    .contains("flood (Endless)"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO,EE8,CLUSTER",
        "AUTO,EE10,CLUSTER",
        "AUTO,EE11,MEMORY",
        "SOCKETS,EE8,MEMORY",
        "SOCKETS,EE11,CLUSTER"
    })
    void theCookieIsSecureBehindHttpsAndOnlyThere(Fabric.Kind kind, Generation generation, SessionSettings.Store store)
            throws Exception {
        try (Rig rig = rig(kind, generation, store)) {
            rig.believes(peer -> peer.isLoopbackAddress());
            String plain = get(rig, "/shop/count", "").header("Set-Cookie");
            assertThat(plain).contains("HttpOnly", "SameSite=Lax").doesNotContain("Secure");
            try (RawHttp client = rig.client()) {
                RawResponse answer = client.sendLines(
                                "GET /shop/count HTTP/1.1", "Host: www.foobar.com", "X-Forwarded-Proto: https")
                        .response();
                assertThat(answer.text()).isEqualTo("count 1");
                assertThat(answer.header("Set-Cookie")).contains("Secure", "HttpOnly", "SameSite=Lax");
            }
        }
    }
}
