package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections with TLS, below the pool. */
class SecureNodeIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MUCH = 14 << 20;

    private Nodes nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = Nodes.secure(1, 2);
        nodes.schema("CREATE TABLE t (content LONGBLOB)");
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    @Test
    void aConnectionIsEncryptedToWhomTheAuthorityHasSignedForThatNameOnly() throws Exception {
        try (Connection connection =
                        driver(nodes.at(1), nodes.accounts().trust()).getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_version'")) {
            assertThat(answer.next()).isTrue();
            assertThat(answer.getString(2)).startsWith("TLSv1.");
        }
        assertThatThrownBy(() -> driver(nodes.at(1), Optional.empty()).getConnection())
                .as("a plain connection")
                .isInstanceOf(SQLException.class);
        HostPort unnamed = new HostPort("localhost", nodes.at(1).port());
        assertThatThrownBy(() -> driver(unnamed, nodes.accounts().trust()).getConnection())
                .as("a name that is not in the certificate")
                .isInstanceOf(SQLException.class);
    }

    /** Whoever hears of a new primary cuts the lines to the old one, and must not wait for one that is stuck. */
    @Test
    void aLineWhoseWriterIsStuckIsCutAtOnce() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(nodes.at(1).port())) {
            NodeDriver driver = driver(
                    new HostPort("127.0.0.1", proxy.port()), nodes.accounts().trust());
            Connection connection = driver.getConnection();
            // The server is asked for it, so before it goes silent.
            PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)");
            FaultProxy unused = proxy.blackHole();
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(insert, sent));
            Await.until("the writer is stuck", SOON, () -> sent.get() > 0 && isStillAfter(sent));

            assertThat(CompletableFuture.supplyAsync(driver::cut))
                    .succeedsWithin(Duration.ofSeconds(2))
                    .isEqualTo(1);
            assertThat(writing).failsWithin(SOON);
        }
    }

    private static boolean isStillAfter(AtomicLong count) {
        long seen = count.get();
        long began = System.nanoTime();
        while (System.nanoTime() - began < Duration.ofMillis(500).toNanos()) {
            Thread.onSpinWait();
        }
        return count.get() == seen;
    }

    private static void write(PreparedStatement statement, AtomicLong sent) {
        try (PreparedStatement insert = statement) {
            insert.setBinaryStream(1, new Endless(sent), MUCH);
            int unused = insert.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** As many bytes as are asked for, counted. */
    private static final class Endless extends InputStream {
        private final AtomicLong given;

        private Endless(AtomicLong given) {
            this.given = given;
        }

        @Override
        public int read() {
            given.incrementAndGet();
            return 0;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            given.addAndGet(length);
            return length;
        }
    }

    private NodeDriver driver(HostPort at, Optional<TrustStore> trust) {
        return new NodeDriver(at, "app", nodes.accounts().application(), trust, TestSettings.plain(), false);
    }
}
