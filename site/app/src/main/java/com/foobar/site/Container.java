package com.foobar.site;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the container lends to the application. */
final class Container {

    private Container() {}

    /** The cluster: connections that say they only read go to replicas. */
    static DataSource database() throws NamingException {
        return (DataSource) lookup("java:comp/env/jdbc/foobar");
    }

    /** The account that may make tables. */
    static DataSource schema() throws NamingException {
        return (DataSource) lookup("java:comp/env/jdbc/foobar-schema");
    }

    /** The name of the application server, where it has told it. */
    static @Nullable String server() {
        try {
            return (String) lookup("java:comp/env/foobar/server");
        } catch (NamingException e) {
            return null;
        }
    }

    @SuppressWarnings("BanJNDI") // constant names of the own container only
    private static Object lookup(String name) throws NamingException {
        return new InitialContext().lookup(name);
    }
}
