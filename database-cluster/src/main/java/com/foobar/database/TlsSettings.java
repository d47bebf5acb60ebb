package com.foobar.database;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import java.nio.file.Path;

/**
 * The {@code database-cluster.tls} section: there with all three files, or not there. The paths are the same on every machine, what lies
 * there is not, but for the authority.
 */
public record TlsSettings(
        @Doc("The certificate of this machine for its address, its intermediates behind it, PEM.") Path certificate,
        @Doc("The private key of the certificate, PEM, not encrypted.") Path key,
        @Doc("The authority that signed the certificates of all machines and of nobody else, PEM.") Path authority)
        implements Checked {

    /** Database servers have working directories of their own. */
    public TlsSettings {
        certificate = certificate.toAbsolutePath().normalize();
        key = key.toAbsolutePath().normalize();
        authority = authority.toAbsolutePath().normalize();
    }

    @Override
    public void check(Problems problems) {
        spelled(problems, "certificate", certificate);
        spelled(problems, "key", key);
        spelled(problems, "authority", authority);
    }

    /** They become part of option files and of statements. */
    private static void spelled(Problems problems, String key, Path path) {
        if (path.toString().matches("(?s).*[\"'\\\\\\p{Cntrl}].*")) {
            problems.error(key, path.toString(), "a path without quotes, backslashes and control characters");
        }
    }
}
