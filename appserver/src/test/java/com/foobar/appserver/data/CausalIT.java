package com.foobar.appserver.data;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Write through one application server, read through another, the client's cookie in between. */
class CausalIT {

    private static final TokenCookie COOKIE = new TokenCookie(Secret.parse("shared"), "foobar", Duration.ofMinutes(5));
    private static final int HELD_BACK = 300;
    private static final int FLOWING = 2_000;

    @Test
    void nobodyReadsOlderThanWhatTheyWrote() throws Exception {
        try (Nodes nodes = Nodes.started(1, 2);
                ToldTopology news = new ToldTopology("foobar", TIME);
                RoutingDataSource app1 = new RoutingDataSource("app1", nodes.accounts(), quick(), news, TIME);
                RoutingDataSource app2 = new RoutingDataSource("app2", nodes.accounts(), quick(), news, TIME)) {
            nodes.schema("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
            news.accept(nodes.document(1, 1, 1, false, 2));
            write(app1, -1);

            assertThat(stale(app1, app2, 0, FLOWING)).isZero();
            System.out.println("replica flowing: " + app2.state());
            assertThat(app2.state().readsOfReplicas()).isGreaterThan(FLOWING / 2);

            nodes.order(2, "STOP SLAVE SQL_THREAD");
            assertThat(stale(app1, app2, FLOWING, HELD_BACK)).isZero();
            assertThat(unprotected(app1, app2)).as("the test can fail").isTrue();
            nodes.order(2, "START SLAVE SQL_THREAD");
            System.out.println("replica held back: " + app2.state());
            assertThat(app2.state().readsOfPrimary()).isGreaterThanOrEqualTo(HELD_BACK);
        }
    }

    /** A wait is lost time while the replica stands still, and there are many of them here. */
    private static DataSettings quick() {
        return TestSettings.settings(Duration.ofMillis(5), Duration.ofSeconds(2), 4, RequestComment.PLAIN);
    }

    private static int stale(RoutingDataSource app1, RoutingDataSource app2, int from, int count) throws Exception {
        int stale = 0;
        String cookie = null;
        for (int i = from; i < from + count; i++) {
            int n = i;
            RequestScope writing =
                    RequestScope.begin("w" + n, COOKIE.read(cookie).orElse(CausalToken.NONE));
            int unused = in(writing, () -> write(app1, n));
            cookie = COOKIE.value(writing.token());
            RequestScope reading =
                    RequestScope.begin("r" + n, COOKIE.read(cookie).orElseThrow());
            stale += in(reading, () -> read(app2, n)) ? 0 : 1;
        }
        return stale;
    }

    /** Without the cookie the same reads are stale: else nothing was shown. */
    private static boolean unprotected(RoutingDataSource app1, RoutingDataSource app2) throws Exception {
        int unused = write(app1, 1_000_000);
        return !in(RequestScope.begin("r", CausalToken.NONE), () -> read(app2, 1_000_000));
    }

    private static <T> T in(RequestScope scope, Callable<T> work) throws Exception {
        RequestScope before = scope.enter();
        try {
            return work.call();
        } finally {
            RequestScope.leave(before);
        }
    }

    private static int write(DataSource source, int n) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            insert.setInt(1, n);
            insert.setInt(2, n);
            return insert.executeUpdate();
        }
    }

    private static boolean read(DataSource source, int n) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            try (PreparedStatement select = connection.prepareStatement("SELECT n FROM t WHERE id = ?")) {
                select.setInt(1, n);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && row.getInt(1) == n;
                }
            }
        }
    }
}
