package com.foobar.appserver.session;

import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.session.UnreadableSessionDataException;
import org.eclipse.jetty.session.UnwriteableSessionDataException;
import org.jspecify.annotations.Nullable;

/**
 * Holds a session only while requests are in it: those at the same time on this server share one object, as applications expect, and
 * the next request reads it anew, because another server may have written it since. A failure to read or write becomes an answer.
 */
final class PresentSessions extends DefaultSessionCache {

    private final SessionCounts counts;

    PresentSessions(SessionManager manager, SessionCounts counts) {
        super(manager);
        this.counts = counts;
        setEvictionPolicy(EVICT_ON_SESSION_EXIT);
        // Written before the answer leaves: the client may come back by another server at once, and this one may die.
        setFlushOnResponseCommit(true);
        setRemoveUnloadableSessions(true);
        setSaveOnCreate(false);
    }

    @Override
    public @Nullable ManagedSession get(String id) throws Exception {
        try {
            return super.get(id);
        } catch (UnreadableSessionDataException e) {
            throw e;
        } catch (Exception e) {
            counts.away.increment();
            throw SessionsAway.away(e);
        }
    }

    @Override
    public void commit(ManagedSession session) throws Exception {
        try {
            super.commit(session);
        } catch (UnwriteableSessionDataException e) {
            throw SessionsAway.refused(e.getCause() == null ? e : e.getCause());
        } catch (Exception e) {
            counts.away.increment();
            throw SessionsAway.away(e);
        }
    }
}
