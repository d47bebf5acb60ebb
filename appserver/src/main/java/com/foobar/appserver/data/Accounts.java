package com.foobar.appserver.data;

import com.foobar.kernel.tls.TrustStore;
import java.util.Optional;

/**
 * Who logs in for what, and to whom.
 *
 * @param application reads and writes rows
 * @param reader reads rows and may nothing else, so that a read-only connection is one
 * @param schema makes and changes tables; absent where migrations are done by somebody else
 * @param trust who must have signed the servers' certificates; absent where connections are not encrypted
 */
public record Accounts(
        String schemaName, Account application, Account reader, Optional<Account> schema, Optional<TrustStore> trust) {

    public Accounts {
        // It becomes part of an address with properties in it.
        if (!schemaName.matches("[A-Za-z0-9_$-]{1,64}")) {
            throw new IllegalArgumentException(
                    "a schema name of letters, digits, _, $ or -, not \"" + schemaName + "\"");
        }
    }

    /** To servers without TLS. */
    public Accounts(String schemaName, Account application, Account reader, Optional<Account> schema) {
        this(schemaName, application, reader, schema, Optional.empty());
    }
}
