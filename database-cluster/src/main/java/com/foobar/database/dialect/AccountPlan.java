package com.foobar.database.dialect;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import java.util.Map;

/**
 * The accounts of a cluster.
 *
 * @param schema the application's schema, which is made if it is not there
 * @param hosts from where they may connect, as the server matches it: {@code %}, {@code 10.0.0.%}
 * @param encrypted they may connect by TLS only
 */
public record AccountPlan(Map<Duty, Login> logins, String schema, String hosts, boolean encrypted) {

    public AccountPlan {
        logins = Map.copyOf(logins);
        // Both are spelled inside statements.
        if (!schema.matches("[A-Za-z0-9_]{1,64}")) {
            throw new IllegalArgumentException("a schema name of letters, digits and underscores");
        }
        if (!hosts.matches("[A-Za-z0-9_.:%/-]{1,255}")) {
            throw new IllegalArgumentException("a host pattern such as % or 10.0.0.%");
        }
    }

    String account(Login login) {
        return "'" + login.user() + "'@'" + hosts + "'";
    }

    /** An underscore in a GRANT's schema name stands for any letter unless it is escaped. */
    String granted() {
        return "`" + schema.replace("_", "\\_") + "`.*";
    }
}
