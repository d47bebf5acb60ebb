package com.foobar.database;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.database.coordinator.CoordinatorPlan;
import com.foobar.database.coordinator.Tempo;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Sql;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.database.keeper.KeeperPlan;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Policy;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.kernel.value.ByteSize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What each part of a cluster is told when it is opened. PURE: all of it follows from the plan, the passwords and the certificates. */
record Blueprint(DatabasePlan plan, Map<Duty, Login> logins, Optional<ClusterTls> tls, Policy policy) {

    /** First start, unpacking and recovery after a crash included. */
    private static final Duration SERVER_START = Duration.ofSeconds(60);

    /** Half of what the node holds in memory, and not less than a busy second writes. */
    private static final long SMALLEST_REDO_LOG = 16L << 20;

    static Blueprint of(DatabasePlan plan, Passwords passwords, Optional<ClusterTls> tls) {
        Map<Duty, Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, passwords.of(duty));
        }
        return new Blueprint(
                plan, logins, tls, plan.settings().policy(plan.nodes().size()));
    }

    /** The statements that make the accounts. */
    List<Sql> accounts() {
        return Dialects.MARIADB.accounts(new AccountPlan(logins, plan.settings().schema(), "%", tls.isPresent()));
    }

    NodeLaunch launch(Engine engine, NodeName name) {
        DatabasePlan.Member member = plan.member(name);
        DatabaseSettings settings = plan.settings();
        return new NodeLaunch(
                engine,
                NodeFolder.at(plan.folder().resolve(name.text())),
                new NodeSettings(
                        member.number(),
                        member.at(),
                        settings.durability(),
                        Optional.empty(),
                        settings.bufferPool(),
                        new ByteSize(Math.max(
                                SMALLEST_REDO_LOG, settings.bufferPool().bytes() / 2)),
                        settings.connections(),
                        tls.map(ClusterTls::node)),
                plan.cluster(),
                accounts(),
                "database-cluster.port",
                SERVER_START);
    }

    KeeperPlan keeper(NodeName name) {
        KeeperPlan.Limits usual = KeeperPlan.Limits.DEFAULT;
        Optional<TrustStore> trust = tls.map(ClusterTls::trust);
        return new KeeperPlan(
                name,
                plan.cluster(),
                plan.folder().resolve(name.text()).resolve("keeper"),
                Dialects.MARIADB,
                plan.addresses(),
                logins,
                plan.settings().schema(),
                trust,
                trust.map(TrustStore::authority),
                new KeeperPlan.Limits(
                        policy.keeperLease(),
                        usual.look(),
                        usual.answer(),
                        usual.drain(),
                        usual.demotion(),
                        usual.stop(),
                        usual.dump(),
                        plan.settings().logs().keep()));
    }

    CoordinatorPlan coordinator(String voter) {
        return new CoordinatorPlan(
                voter,
                plan.cluster(),
                new TreeMap<>(plan.addresses()),
                policy,
                Tempo.DEFAULT.with(VotersHere.timing(plan).lease()),
                plan.folder().resolve("certificates"));
    }
}
