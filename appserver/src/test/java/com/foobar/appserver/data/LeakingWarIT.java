package com.foobar.appserver.data;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.appserver.Words;
import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Generation;
import com.foobar.appserver.container.Rig;
import com.foobar.appserver.container.Sessions;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that never closes a connection, beside one that does; both have the same few connections. */
class LeakingWarIT {
    private static final int CONNECTIONS = 4;
    private static final int REQUESTS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Nodes nodes;
    private static ToldTopology news;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.started(1, 2);
        news = new ToldTopology("foobar", TIME);
        news.accept(nodes.document(1, 1, 1, false, 2));
    }

    @AfterAll
    static void stop() throws Exception {
        nodes.close();
    }

    /** By a thread that belongs to no request, so that no request's end gives it back. */
    private static War hoarding() {
        return War.of(Generation.EE10)
                .servlet(
                        "Hoard",
                        "/hoard",
                        """
                        javax.sql.DataSource database = (javax.sql.DataSource)
                                new javax.naming.InitialContext().lookup("java:comp/env/jdbc/foobar");
                        String[] said = {"holds one more"};
                        Thread hoarder = new Thread(() -> {
                            try {
                                database.getConnection().createStatement().executeQuery("SELECT 42");
                            } catch (java.sql.SQLException e) {
                                said[0] = e.getMessage();
                            }
                        });
                        hoarder.start();
                        hoarder.join();
                        response.getWriter().print(said[0]);
                        """);
    }

    private static War asking(String closing) {
        return War.of(Generation.EE10)
                .servlet(
                        "Ask",
                        "/ask",
                        """
                        javax.sql.DataSource database = (javax.sql.DataSource)
                                new javax.naming.InitialContext().lookup("java:comp/env/jdbc/foobar");
                        java.sql.Connection connection = database.getConnection();
                        connection.setReadOnly(request.getParameter("read") != null);
                        java.sql.ResultSet row = connection.createStatement().executeQuery("SELECT 42");
                        row.next();
                        response.getWriter().print(row.getInt(1));
                        %s
                        """
                                .formatted(closing));
    }

    @ParameterizedTest
    @EnumSource(Fabric.Kind.class)
    void theOthersAreWellAndTheOperatorIsTold(Fabric.Kind kind) throws Exception {
        DataSettings few =
                TestSettings.settings(Duration.ofMillis(50), Duration.ofSeconds(2), CONNECTIONS, RequestComment.PLAIN);
        try (RoutingDataSource source = new RoutingDataSource("app1", nodes.accounts(), few, news, TIME);
                Rig rig = rig(kind, source);
                Words words = Words.heard()) {
            for (int i = 0; i < REQUESTS; i++) {
                String query = i % 2 == 0 ? "" : "?read=1";
                assertThat(get(rig, "/leaking/ask" + query, "leak-" + i).text()).isEqualTo("42");
                assertThat(get(rig, "/tidy/ask" + query, "tidy-" + i).text()).isEqualTo("42");
            }
            Await.until(
                    "all have been given back",
                    PATIENCE,
                    () -> source.diary().leaks.sum() == REQUESTS);
            assertThat(source.state().nodes()).allMatch(node -> node.active() == 0);
            Await.until("the operator is told", PATIENCE, () -> words.said().contains("request leak-39"));
            assertThat(words.said())
                    .contains(
                            "request leak-0 has ended and left a connection to db1 for write open, which is closed now")
                    .contains(
                            "request leak-39 has ended and left a connection to db2 for read open, which is closed now")
                    .doesNotContain("request tidy-");
        }
    }

    @Test
    void whoHoardsThemOnThreadsOfItsOwnLeavesSomeForTheOthers() throws Exception {
        DataSettings few =
                TestSettings.settings(Duration.ofMillis(50), Duration.ofMillis(600), CONNECTIONS, RequestComment.PLAIN);
        try (RoutingDataSource source = new RoutingDataSource("app1", nodes.accounts(), few, news, TIME);
                Rig rig = rig(Fabric.Kind.AUTO, source)) {
            rig.deploy("hoarding", Generation.EE10, hoarding().unpacked(Files.createTempDirectory(folder, "war")));
            for (int i = 0; i < Shares.threeQuarters(CONNECTIONS); i++) {
                assertThat(get(rig, "/hoarding/hoard", "hoard-" + i).text()).isEqualTo("holds one more");
            }

            assertThat(get(rig, "/hoarding/hoard", "hoard-on").text())
                    .startsWith(
                            "hoarding holds 3 connections to db1 for write, which is all that one application may have");
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(get(rig, "/tidy/ask", "tidy-" + i).text()).isEqualTo("42");
            }
        }
    }

    private Rig rig(Fabric.Kind kind, RoutingDataSource source) throws Exception {
        TokenCookie cookie = new TokenCookie(Secret.parse("shared"), "foobar", Duration.ofHours(1));
        Container.Hooks hooks = new Container.Hooks(
                Sessions.IN_MEMORY, application -> new HashMap<>(source.of(application)), new DataHook(source, cookie));
        Rig rig = new Rig(kind, Files.createTempDirectory(folder, "rig"), hooks, 20);
        rig.believes(peer -> peer.isLoopbackAddress());
        rig.deploy("leaking", Generation.EE10, asking("").unpacked(Files.createTempDirectory(folder, "war")));
        rig.deploy(
                "tidy",
                Generation.EE10,
                asking("connection.close();").unpacked(Files.createTempDirectory(folder, "war")));
        return rig;
    }

    private static RawResponse get(Rig rig, String path, String id) {
        try (RawHttp client = rig.client()) {
            return client.sendLines("GET " + path + " HTTP/1.1", "Host: www.foobar.com", "X-Request-Id: " + id)
                    .response();
        }
    }
}
