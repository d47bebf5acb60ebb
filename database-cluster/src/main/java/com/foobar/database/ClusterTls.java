package com.foobar.database;

import com.foobar.database.embedded.NodeTls;
import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.tls.MutualTls;
import com.foobar.kernel.tls.TlsMaterialException;
import com.foobar.kernel.tls.TrustStore;
import com.foobar.quorum.VoterTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What the files of {@code database-cluster.tls} are to each of those that need them: servers, their clients, voters, and the lines
 * between machines.
 *
 * @param expiry of this machine's certificate
 * @param trust whom the clients of the servers believe
 * @param lines for both sides of the lines between machines
 */
public record ClusterTls(TlsSettings files, Instant expiry, TrustStore trust, SSLContext lines) {

    /**
     * Nothing when the cluster has no TLS.
     *
     * @param data where this process keeps everything
     */
    public static Optional<ClusterTls> of(DatabaseSettings settings, Path data, InstantSource clock)
            throws StartFailure {
        if (settings.tls().isEmpty()) {
            return Optional.empty();
        }
        TlsSettings files = settings.tls().get();
        try {
            MutualTls own = MutualTls.read(files.certificate(), files.key(), files.authority(), clock.instant());
            Path folder = DurableFile.secretFolder(data.resolve("database"));
            return Optional.of(new ClusterTls(
                    files,
                    own.own().notAfter(),
                    TrustStore.of(files.authority(), folder.resolve("authority.jks")),
                    own.context()));
        } catch (TlsMaterialException unusable) {
            throw new StartFailure(unusable.file() + ": " + unusable.problem(), unusable.cure(), unusable);
        } catch (IOException unwritable) {
            throw new StartFailure(
                    data + " cannot be written: " + unwritable,
                    "the user the program runs as must be able to write there, and the disk must not be full",
                    unwritable);
        }
    }

    NodeTls node() {
        return new NodeTls(files.certificate(), files.key(), files.authority());
    }

    VoterTls voter() {
        return new VoterTls(files.certificate(), files.key(), files.authority());
    }
}
