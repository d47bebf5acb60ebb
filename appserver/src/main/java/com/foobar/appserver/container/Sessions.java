package com.foobar.appserver.container;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.SessionManager;

/** Where the sessions of applications are kept. Called on the thread that starts what is given, before it is started. */
public interface Sessions {
    /** Sessions live and die with the process. */
    Sessions IN_MEMORY = new Sessions() {
        @Override
        public void configure(Server server) {}

        @Override
        public void configure(SessionManager application, String contextPath) {}
    };

    /**
     * Once for each application server: gives it what all its applications share as beans, such as a
     * {@code SessionDataStoreFactory}, a {@code SessionCacheFactory} and a {@code SessionIdManager}.
     */
    void configure(Server server);

    /**
     * Once for each start of an application, old and new versions alike: its cookie, its limits. Its class loader is the
     * thread's.
     */
    void configure(SessionManager application, String contextPath);
}
