package com.foobar.database.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.TestCluster;
import com.foobar.database.account.Duty;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Receiver;
import com.foobar.database.dialect.Source;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.DumpSource;
import com.foobar.database.embedded.Durability;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.database.embedded.NodeTls;
import com.foobar.database.embedded.Provisioning;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EncryptedIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void withCertificatesEveryLinkIsEncryptedVerifiedAndPlainOnesAreRefused() throws Exception {
        try (TestCluster cluster = new TestCluster()) {
            Path folder = Files.createDirectories(cluster.root().resolve("tls"));
            DevelopmentAuthority authority = DevelopmentAuthority.open(folder, TestCluster.TIME);
            authority.leaf("db", ServerNames.of(List.of(), List.of(InetAddress.getByName("127.0.0.1"))));
            NodeTls tls = new NodeTls(folder.resolve("db.pem"), folder.resolve("db.pem"), authority.certificateFile());
            long began = System.nanoTime();
            for (int node : new int[] {1, 2}) {
                cluster.provision(node);
                cluster.started(node, NodeProcess.start(launch(cluster, node, tls), TestCluster.TIME));
            }
            System.out.println("two nodes with certificates, one after the other: "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");

            assertThatThrownBy(() -> cluster.coordinator(1))
                    .as("without encryption")
                    .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(NodeFailure.Kind.DENIED));
            Path stranger = DevelopmentAuthority.open(folder.resolve("stranger"), TestCluster.TIME)
                    .certificateFile();
            assertThatThrownBy(() ->
                            open(cluster, 1, Duty.COORDINATOR, TrustStore.of(stranger, folder.resolve("stranger.jks"))))
                    .as("a server that our authority has not signed")
                    .isInstanceOf(NodeFailure.class);

            TrustStore trust = TrustStore.of(authority.certificateFile(), folder.resolve("ours.jks"));
            try (NodeSession primary = open(cluster, 1, Duty.COORDINATOR, trust);
                    NodeSession replica = open(cluster, 2, Duty.COORDINATOR, trust);
                    NodeSession schema = open(cluster, 1, Duty.SCHEMA, trust)) {
                Promotion.promote(primary, Drain.run(primary, primary.status().received(), SOON, TestCluster.TIME));
                Following.follow(
                        replica,
                        new Source(
                                cluster.at(1),
                                cluster.passwords.of(Duty.REPLICATION),
                                Optional.of(authority.certificateFile())));
                schema.ask(Sql.of("CREATE TABLE t (id INT PRIMARY KEY)"), SOON);
                Await.until("it is received and applied", SOON, () -> link(replica) == Receiver.Link.RUNNING);
                assertThat(schema.ask(Sql.of("SHOW SESSION STATUS LIKE 'Ssl_version'"), SOON)
                                .toString())
                        .contains("TLSv1.");
            }
            refusesToFollow(cluster, trust, stranger, cluster.at(1));
            HostPort unnamed = new HostPort("localhost", cluster.at(1).port());
            refusesToFollow(cluster, trust, authority.certificateFile(), unnamed);
            Provisioning.fromDump(
                    cluster.engine(),
                    cluster.cache(),
                    new DumpSource(
                            cluster.at(1),
                            cluster.passwords.of(Duty.BACKUP),
                            TestCluster.SCHEMA,
                            Optional.of(authority.certificateFile()),
                            SOON),
                    cluster.folder(3),
                    cluster.identity(3),
                    TestCluster.TIME);
            assertThat(cluster.folder(3).data().resolve("app/t.frm")).exists();
        }
    }

    /** The login would do: it is for the certificate that nothing is received. */
    private static void refusesToFollow(TestCluster cluster, TrustStore trust, Path authority, HostPort source)
            throws Exception {
        try (NodeSession replica = open(cluster, 2, Duty.COORDINATOR, trust)) {
            Following.follow(
                    replica, new Source(source, cluster.passwords.of(Duty.REPLICATION), Optional.of(authority)));
            String fault = Await.until(
                    "it complains",
                    SOON,
                    () -> receiver(replica)
                            .linkFault()
                            .map(Receiver.Fault::text)
                            .orElse(""),
                    said -> said.contains("@" + source));
            assertThat(fault).contains("SSL connection error");
            assertThat(link(replica)).isNotEqualTo(Receiver.Link.RUNNING);
        }
    }

    private static Receiver.Link link(NodeSession node) {
        return receiver(node).link();
    }

    private static Receiver receiver(NodeSession node) {
        try {
            return node.status().receiver().orElseThrow();
        } catch (NodeFailure e) {
            throw new AssertionError(e);
        }
    }

    private static NodeSession open(TestCluster cluster, int node, Duty duty, TrustStore trust) throws NodeFailure {
        return NodeSession.open(
                new Target(cluster.at(node), Dialects.MARIADB, cluster.passwords.of(duty), Optional.of(trust)),
                TestCluster.BOUNDS,
                duty == Duty.SCHEMA ? TestCluster.SCHEMA : "");
    }

    private static NodeLaunch launch(TestCluster cluster, int node, NodeTls tls) throws Exception {
        NodeLaunch plain = cluster.launch(node);
        NodeSettings small = NodeSettings.small(node, cluster.at(node), Durability.DEMO);
        return new NodeLaunch(
                plain.engine(),
                plain.folder(),
                new NodeSettings(
                        node,
                        small.at(),
                        small.durability(),
                        small.degradeAfter(),
                        small.bufferPool(),
                        small.redoLog(),
                        small.connections(),
                        Optional.of(tls)),
                plain.cluster(),
                Dialects.MARIADB.accounts(new AccountPlan(cluster.logins(), TestCluster.SCHEMA, "%", true)),
                plain.portKey(),
                plain.patience());
    }
}
