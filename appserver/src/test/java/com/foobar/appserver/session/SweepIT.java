package com.foobar.appserver.session;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.data.Nodes;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.appserver.data.TestSettings;
import com.foobar.appserver.data.ToldTopology;
import com.foobar.kernel.value.ByteSize;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.Session;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.HouseKeeper;
import org.eclipse.jetty.session.SessionHandler;
import org.eclipse.jetty.session.SessionIdManager;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that nobody comes back to: one server removes them, and its application hears of each once. */
class SweepIT {
    /** Three times the sweep's grace after their end sessions are fit to be swept; after ten times they are nobody's. */
    private static final Duration LATELY = Duration.ofMinutes(5);

    private static final Duration LONG_AGO = Duration.ofHours(2);

    private static Nodes nodes;
    private static ToldTopology news;
    private static RoutingDataSource source;

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.started(1, 2);
        news = new ToldTopology("foobar", TIME);
        news.accept(nodes.document(1, 1, 1, false, 2));
        source = new RoutingDataSource("app1", nodes.accounts(), TestSettings.plain(), news, TIME);
        ClusterSessions.makeTables(source.schema());
    }

    @AfterAll
    static void stop() throws Exception {
        source.close();
        nodes.close();
    }

    @BeforeEach
    void empty() throws Exception {
        change("DELETE FROM foobar_session");
        change("DELETE FROM foobar_session_sweep");
    }

    private static int change(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static int count(String sql) throws SQLException {
        try (Connection connection = source.primary().getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }

    /** As if nobody had come for so long, for all sessions there are. */
    private static void expire(Duration before) throws SQLException {
        change("UPDATE foobar_session SET expiry = "
                + TIME.instant().minus(before).toEpochMilli());
    }

    @Test
    void oneOfTwoServersRemovesWhatHasExpiredAndItsApplicationHearsOfEachOnce() throws Exception {
        try (Site one = new Site("app1", "/shop");
                Site two = new Site("app2", "/shop")) {
            for (int i = 0; i < 10; i++) {
                (i % 2 == 0 ? one : two).open();
            }
            expire(LATELY);
            one.open();
            both(one, two);
            assertThat(count("SELECT COUNT(*) FROM foobar_session")).isEqualTo(1);
            assertThat(List.of(one.ended.get(), two.ended.get()))
                    .as("either all or none")
                    .containsExactlyInAnyOrder(10, 0);
            assertThat(count("SELECT COUNT(DISTINCT sweeper) FROM foobar_session_sweep WHERE place <> '*'"))
                    .isEqualTo(1);
        }
    }

    /** Of an application that no server has any more. */
    @Test
    void whatBelongsToNoApplicationIsRemovedInTheEnd() throws Exception {
        try (Site gone = new Site("app1", "/gone")) {
            gone.open();
        }
        expire(LONG_AGO);
        try (Site one = new Site("app1", "/shop");
                Site two = new Site("app2", "/shop")) {
            both(one, two);
            assertThat(count("SELECT COUNT(*) FROM foobar_session")).isZero();
            assertThat(one.ended.get() + two.ended.get()).isZero();
        }
    }

    @Test
    void whoSweepsDoesSoForAWhileAndThenAnybodyMay() throws Exception {
        SessionTable table = new SessionTable(source.primary());
        long minute = Duration.ofMinutes(1).toMillis();
        assertThat(table.claimSweep("/a", "one", minute)).isTrue();
        assertThat(table.claimSweep("/a", "two", minute)).isFalse();
        assertThat(table.claimSweep("/b", "two", minute)).isTrue();
        assertThat(table.claimSweep("/a", "one", 0)).as("again, by the same").isTrue();
        assertThat(table.claimSweep("/a", "two", minute)).as("after its time").isTrue();
        assertThat(table.claimSweep("/a", "one", minute)).isFalse();
    }

    private static void both(Site one, Site two) throws Exception {
        CompletableFuture.allOf(CompletableFuture.runAsync(one::sweep), CompletableFuture.runAsync(two::sweep))
                .get(30, TimeUnit.SECONDS);
    }

    /** Jetty with an application that begins a session for everyone who comes. */
    private static final class Site implements AutoCloseable {
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server);
        private final AtomicInteger ended = new AtomicInteger();
        private final String path;

        private Site(String name, String path) throws Exception {
            this.path = path;
            SessionSettings settings =
                    new SessionSettings(SessionSettings.Store.CLUSTER, Duration.ofMinutes(30), ByteSize.parse("64KiB"));
            ClusterSessions sessions = new ClusterSessions(name, settings, source.primary(), TIME);
            sessions.configure(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            SessionHandler handler = new SessionHandler() {
                @Override
                public void onSessionDestroyed(Session session) {
                    ended.incrementAndGet();
                    super.onSessionDestroyed(session);
                }
            };
            sessions.configure(handler, path);
            handler.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                    request.getSession(true).setAttribute("seen", "yes");
                    response.write(true, ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)), callback);
                    return true;
                }
            });
            server.setHandler(new ContextHandler(handler, path));
            server.start();
        }

        private void open() {
            try (RawHttp client = RawHttp.connect(connector.getLocalPort())) {
                RawResponse answer = client.send("GET " + path + "/ HTTP/1.1\r\nHost: a\r\n\r\n")
                        .response();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Set-Cookie")).startsWith("JSESSIONID=");
            }
        }

        /** What the housekeeper's timer does once a minute. */
        private void sweep() {
            HouseKeeper keeper = server.getBean(SessionIdManager.class).getSessionHouseKeeper();
            Objects.requireNonNull(keeper).scavenge();
        }

        @Override
        public void close() {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException("Jetty does not stop", e);
            }
        }
    }
}
