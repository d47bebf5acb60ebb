package com.foobar.database.embedded;

import com.foobar.database.account.Login;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A node that is dumped while it serves.
 *
 * @param login of an account with the duty BACKUP
 * @param authority who must have signed its certificate; nothing means a plain connection
 * @param patience how long dump and load may take together
 */
public record DumpSource(HostPort at, Login login, String schema, Optional<Path> authority, Duration patience) {

    public DumpSource {
        if (!schema.matches("[A-Za-z0-9_]{1,64}")) {
            throw new IllegalArgumentException("a schema name of letters, digits and underscores");
        }
    }
}
