package com.foobar.database.dialect;

/** The dialects there are. */
public final class Dialects {

    public static final Dialect MARIADB = new MariaDb();

    /** Written from documentation, never run against a server. */
    public static final Dialect MYSQL = new MySql();

    private Dialects() {}

    /** The dialect of a server, by its {@code VERSION()} or its greeting. */
    public static Dialect of(String version) {
        return version.contains("MariaDB") ? MARIADB : MYSQL;
    }
}
