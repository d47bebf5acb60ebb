package com.foobar.database.account;

import java.util.Locale;

/** What an account is for. Each may do that and nothing else, because whoever may write everywhere also writes on a read-only node. */
public enum Duty {
    /** Reads and writes rows of the application's schema. */
    APPLICATION("foobar_app"),
    /** Reads rows of the application's schema. */
    READER("foobar_reader"),
    /** Makes and changes tables of the application's schema; a migration's account, not the running application's. */
    SCHEMA("foobar_schema"),
    /** Receives the binary log; replicas use it at their source. */
    REPLICATION("foobar_replication"),
    /** Sees positions and states; probes use it. */
    MONITOR("foobar_monitor"),
    /** Repoints, promotes and demotes; cannot read or write a row. */
    COORDINATOR("foobar_coordinator"),
    /** Reads everything of the application's schema in one consistent view. */
    BACKUP("foobar_backup");

    private final String user;

    Duty(String user) {
        this.user = user;
    }

    public String user() {
        return user;
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".password";
    }
}
