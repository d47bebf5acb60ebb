package com.foobar.appserver.data;

import java.util.Optional;

/**
 * Who logs in for what.
 *
 * @param application reads and writes rows
 * @param reader reads rows and may nothing else, so that a read-only connection is one
 * @param schema makes and changes tables; absent where migrations are done by somebody else
 */
public record Accounts(String schemaName, Account application, Account reader, Optional<Account> schema) {

    public Accounts {
        // It becomes part of an address with properties in it.
        if (!schemaName.matches("[A-Za-z0-9_$-]{1,64}")) {
            throw new IllegalArgumentException(
                    "a schema name of letters, digits, _, $ or -, not \"" + schemaName + "\"");
        }
    }
}
