package com.foobar.appserver.data;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One primary, one replica, and how an application's connections find their way. */
class RoutingIT {

    private static Nodes nodes;
    private ToldTopology news;
    private RoutingDataSource source;

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.started(1, 2);
        nodes.schema("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))");
    }

    @AfterAll
    static void stop() throws Exception {
        nodes.close();
    }

    @BeforeEach
    void open() throws Exception {
        news = new ToldTopology(Nodes.CLUSTER, TIME);
        news.accept(nodes.document(1, 1, 1, false, 2));
        source = new RoutingDataSource("app1", nodes.accounts(), TestSettings.plain(), news, TIME);
    }

    @AfterEach
    void close() {
        source.close();
    }

    private static String serverOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@server_id")) {
            row.next();
            return "db" + row.getInt(1);
        }
    }

    private String server(DataSource face, boolean readOnly) throws SQLException {
        try (Connection connection = face.getConnection()) {
            connection.setReadOnly(readOnly);
            return serverOf(connection);
        }
    }

    @Test
    void readOnlyConnectionsGoToTheReplicaAndOthersToThePrimary() throws Exception {
        assertThat(server(source, false)).isEqualTo("db1");
        assertThat(server(source, true)).isEqualTo("db2");
        assertThat(server(source.primary(), false)).isEqualTo("db1");
        assertThat(server(source.primary(), true)).isEqualTo("db1");
        assertThat(server(source.replica(), true)).isEqualTo("db2");
        assertThat(server(source.schema(), false)).isEqualTo("db1");
    }

    @Test
    void aConnectionTellsTheNameOfItsNodeOnceItHasOne() throws Exception {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            assertThat(connection.getClientInfo("node")).isNull();
            assertThat(serverOf(connection)).isEqualTo("db2");
            assertThat(connection.getClientInfo("node")).isEqualTo("db2");
            connection.setReadOnly(false);
            assertThat(connection.getClientInfo("node")).isNull();
            assertThat(serverOf(connection)).isEqualTo("db1");
            assertThat(connection.getClientInfo("node")).isEqualTo("db1");
            assertThat(connection.getClientInfo("another")).isNull();
        }
    }

    @Test
    void withoutAReplicaThePrimaryIsReadFrom() throws Exception {
        news.accept(nodes.document(1, 2, 1, false));
        assertThat(server(source, true)).isEqualTo("db1");
        assertThat(source.state().readsOfPrimary()).isEqualTo(1);
    }

    @Test
    void aConnectionChangesItsWayBetweenTransactionsButNotInside() throws Exception {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThat(serverOf(connection)).isEqualTo("db2");
            connection.commit();
            connection.setReadOnly(false);
            assertThat(serverOf(connection)).isEqualTo("db1");
            insert(connection, "inside");
            assertThatThrownBy(() -> connection.setReadOnly(true)).hasMessageContaining("commit or roll back first");
            connection.rollback();
            assertThat(connection.getAutoCommit()).isFalse();
        }
    }

    @Test
    void sqlThatSaysReadOnlyIsHeardToo() throws Exception {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET TRANSACTION READ ONLY");
            assertThat(serverOf(connection)).isEqualTo("db2");
            connection.commit();
            assertThat(serverOf(connection)).isEqualTo("db1");
            connection.rollback();
        }
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("START TRANSACTION READ ONLY");
            assertThat(serverOf(connection)).isEqualTo("db2");
            assertThatThrownBy(() -> connection.setReadOnly(false)).hasMessageContaining("transaction");
            statement.execute("COMMIT");
            assertThat(serverOf(connection)).isEqualTo("db1");
        }
    }

    @Test
    void theWrapperIsHonest() throws Exception {
        Connection connection = source.getConnection();
        assertThat(connection.isWrapperFor(Connection.class)).isTrue();
        assertThat(connection.unwrap(com.mysql.cj.jdbc.JdbcConnection.class)).isNotNull();
        assertThat(connection.isValid(1)).isTrue();
        PreparedStatement statement = connection.prepareStatement("SELECT 1");
        assertThat(statement.getConnection()).isSameAs(connection).isEqualTo(connection);
        try (ResultSet row = statement.executeQuery()) {
            assertThat(row.next()).isTrue();
        }
        connection.close();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(statement.isClosed()).isTrue();
        statement.close();
        assertThatThrownBy(connection::createStatement).hasMessageContaining("closed");
        assertThatThrownBy(statement::executeQuery).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> source.getConnection("a", "b")).isInstanceOf(SQLException.class);
    }

    @Test
    void aReadOnlyConnectionCannotWrite() throws Exception {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            assertThatThrownBy(() -> insert(connection, "no")).hasMessageContaining("read-only");
        }
        assertThatThrownBy(() -> source.replica().getConnection().setReadOnly(false))
                .hasMessageContaining("reads only");
    }

    @Test
    void aWritersOwnPositionComesWithTheAnswer() throws Exception {
        RequestScope scope = RequestScope.begin("r1", CausalToken.NONE);
        RequestScope before = scope.enter();
        try (Connection connection = source.getConnection()) {
            assertThat(serverOf(connection)).isEqualTo("db1");
            assertThat(scope.hasWritten()).isFalse();
            insert(connection, "alone");
            CausalToken alone = scope.token();
            assertThat(alone.isEmpty()).isFalse();
            connection.setAutoCommit(false);
            insert(connection, "in a transaction");
            assertThat(scope.token()).isEqualTo(alone);
            connection.commit();
            assertThat(scope.token().covers(alone)).isTrue();
            assertThat(alone.covers(scope.token())).isFalse();
        } finally {
            RequestScope.leave(before);
        }
    }

    @Test
    void whatIsTooOldOrParkedHoldsWritesBackButNotReads() throws Exception {
        news.accept(nodes.document(1, 2, 1, false, Duration.ofMillis(1), 2), TIME.nanos() - 10_000_000);
        assertThatThrownBy(() -> server(source, false))
                .isInstanceOf(SQLTransientException.class)
                .hasMessageContaining("another primary may have been made");
        assertThat(server(source, true)).isEqualTo("db2");
        news.accept(nodes.document(1, 3, 1, true, 2));
        long began = System.nanoTime();
        assertThatThrownBy(() -> server(source, false)).hasMessageContaining("switchover");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
        news.accept(nodes.document(1, 4, 0, false, 2));
        assertThat(server(source, true)).isEqualTo("db2");
        news.accept(nodes.document(1, 5, 1, false, 2));
        assertThat(server(source, false)).isEqualTo("db1");
    }

    @Test
    void aWriteOnAServerThatTakesNoneIsAStalePrimary() throws Exception {
        news.accept(nodes.document(2, 1, 2, false));
        try (Connection connection = source.getConnection()) {
            assertThatThrownBy(() -> insert(connection, "late"))
                    .isInstanceOf(SQLTransientException.class)
                    .hasMessageContaining("takes no writes any more");
        }
    }

    @Test
    void callersFaultsArriveAsTheyAre() throws Exception {
        try (Connection connection = source.getConnection()) {
            assertThatThrownBy(() -> serverOfNonsense(connection)).isInstanceOf(java.sql.SQLSyntaxErrorException.class);
            assertThat(serverOf(connection)).isEqualTo("db1");
        }
    }

    @Test
    void whatARequestLeavesOpenIsClosedAtItsEnd() throws Exception {
        RequestScope scope = RequestScope.begin("leaky", CausalToken.NONE);
        RequestScope before = scope.enter();
        Connection[] forgotten = new Connection[16];
        for (int i = 0; i < forgotten.length; i++) {
            forgotten[i] = source.getConnection();
            assertThat(serverOf(forgotten[i])).isEqualTo("db1");
        }
        RequestScope.leave(before);
        source.end(scope);
        assertThat(forgotten[0].isClosed()).isTrue();
        assertThat(server(source, false)).isEqualTo("db1");
        assertThat(source.diary().leaks.sum()).isEqualTo(16);
    }

    @Test
    void theRequestsIdIsInTheText() throws Exception {
        RequestScope scope = RequestScope.begin("abc*/;DROP", CausalToken.NONE);
        RequestScope before = scope.enter();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT info FROM information_schema.processlist WHERE id = CONNECTION_ID()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).startsWith("/* rid:abcDROP */ SELECT");
        } finally {
            RequestScope.leave(before);
        }
    }

    /** What is told as not sent must not have been: a pool is given up a moment before its sockets are cut. */
    @Test
    void nothingIsSentOnAConnectionThatIsGivenUp() throws Exception {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "given up");
            RoutedConnection routed = ((ConnectionCalls) Proxy.getInvocationHandler(connection)).connection();
            Held held = routed.physical();
            held.lose();
            AtomicBoolean sent = new AtomicBoolean();
            assertThatThrownBy(() -> routed.execute(SqlText.CHANGE, "INSERT", () -> sent.getAndSet(true)))
                    .isInstanceOf(SQLTransactionRollbackException.class);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLTransactionRollbackException.class);
            assertThat(sent).isFalse();
        }
        assertThat(count("given up")).isZero();
    }

    /** They came with its answer; a statement made anew on another connection would have none, or another's. */
    @Test
    void theKeysOfAWriteAreKnownAlsoWhenItsConnectionIsGivenUpAfterIt() throws Exception {
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO t (text) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, "written");
            assertThat(insert.executeUpdate()).isEqualTo(1);
            news.accept(nodes.document(2, 1, 0, false, 2));
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong(1)).isPositive();
            }
            assertThat(insert.getUpdateCount()).isEqualTo(1);
        }
        news.accept(nodes.document(3, 1, 1, false, 2));
        assertThat(count("written")).isEqualTo(1);
    }

    private int count(String text) throws SQLException {
        try (Connection connection = source.primary().getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT COUNT(*) FROM t WHERE text = ?")) {
            select.setString(1, text);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void serverOfNonsense(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELEKT 1");
        }
    }

    private static void insert(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (text) VALUES (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }
}
