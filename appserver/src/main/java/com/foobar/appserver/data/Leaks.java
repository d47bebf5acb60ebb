package com.foobar.appserver.data;

import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that a request leaves open. Pools are shared, so one application that forgets to close would starve all others. */
final class Leaks {

    private static final Logger LOG = LoggerFactory.getLogger(Leaks.class);

    private Leaks() {}

    static void end(RequestScope scope, boolean close, Diary diary) {
        List<RoutedConnection> open = scope.leftOpen();
        for (RoutedConnection connection : open) {
            diary.leaks.increment();
            LOG.warn(
                    "request {} has ended and left a {} open{}; the application must close it in a finally block",
                    scope.id(),
                    connection,
                    close ? ", which is closed now" : "");
            if (close) {
                closed(connection);
            }
        }
    }

    private static void closed(RoutedConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection that was left open could not be closed", e);
        }
    }
}
