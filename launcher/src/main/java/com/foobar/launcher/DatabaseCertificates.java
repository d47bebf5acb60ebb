package com.foobar.launcher;

import com.foobar.database.TlsSettings;
import com.foobar.kernel.config.Entry;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.tls.MutualTls;
import com.foobar.kernel.tls.TlsMaterialException;
import com.foobar.launcher.topology.DatabaseLayout;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of {@code database-cluster.tls}, judged for one machine before anything of it starts: the configuration is the same everywhere,
 * what lies behind its paths is not.
 */
public final class DatabaseCertificates {
    private static final String SECTION = "database-cluster.tls.";

    private DatabaseCertificates() {}

    /** Prints what is wrong with them, if the processes of this selection need them; whether they can be used. */
    public static boolean areGood(Reading<Topology> reading, Selection here, Instant now, PrintStream out) {
        Topology topology = reading.value().orElseThrow();
        Optional<TlsSettings> tls = topology.databaseCluster().tls();
        if (tls.isEmpty() || !areNeeded(topology, here)) {
            return true;
        }
        TlsSettings files = tls.get();
        try {
            MutualTls own = MutualTls.read(files.certificate(), files.key(), files.authority(), now);
            if (DatabaseLayout.of(topology).takesPart(here)) {
                own.requireSpeaksFor(Objects.requireNonNull(topology.servers().get(here.server()))
                        .address());
            }
            own.warning(now).map("warning: "::concat).ifPresent(out::println);
            return true;
        } catch (TlsMaterialException unusable) {
            String key = SECTION + key(files, unusable.file());
            out.println(origin(reading, key) + key + ": " + unusable.getMessage() + ". To do: " + unusable.cure());
            return false;
        }
    }

    /** Whoever runs a part of the cluster, and application servers, which ask it who is primary. */
    private static boolean areNeeded(Topology topology, Selection here) {
        return DatabaseLayout.of(topology).takesPart(here)
                || here.instances().stream().anyMatch(one -> one.role() == RoleName.APPSERVER);
    }

    private static String key(TlsSettings files, Path file) {
        if (file.equals(files.certificate())) {
            return "certificate";
        }
        return file.equals(files.authority()) ? "authority" : "key";
    }

    private static String origin(Reading<Topology> reading, String key) {
        return reading.effective().stream()
                .filter(entry -> entry.key().equals(key))
                .map(Entry::origin)
                .findFirst()
                .map(origin -> origin.text() + ": ")
                .orElse("");
    }
}
