package com.foobar.appserver.session;

import com.foobar.appserver.container.Withheld;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.session.UnreadableSessionDataException;
import org.eclipse.jetty.session.UnwriteableSessionDataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a session only while requests are in it: those at the same time on this server share one object, as applications expect, and
 * the next request reads it anew, because another server may have written it since. A failure to read or write becomes an answer.
 */
final class PresentSessions extends DefaultSessionCache {

    private static final Logger LOG = LoggerFactory.getLogger(PresentSessions.class);
    private static final Withheld AWAY = new Withheld(
            HttpStatus.SERVICE_UNAVAILABLE_503, "sessions-away", "Sessions cannot be kept now; try again in a moment.");
    /** It is the application's own doing, and will be so again. */
    private static final Withheld REFUSED = new Withheld(
            HttpStatus.INTERNAL_SERVER_ERROR_500,
            "session-refused",
            "The application keeps more in its session than it may.");

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

    /** Called when the head of an answer is about to leave, and only then. */
    @Override
    public void commit(ManagedSession session) {
        if (session == null) {
            return;
        }
        try {
            if (getSessionDataStore() instanceof ClusterSessionStore store) {
                store.tryAgain(session.getSessionData());
            }
            super.commit(session);
        } catch (UnwriteableSessionDataException e) {
            LOG.warn("an answer is withheld: {}", (e.getCause() == null ? e : e.getCause()).getMessage());
            spoilt(session, REFUSED);
        } catch (Exception e) {
            counts.away.increment();
            LOG.warn("an answer is withheld, for its session could not be written: {}", e.getMessage());
            spoilt(session, AWAY);
        }
    }

    private void spoilt(ManagedSession session, Withheld answer) {
        if (getSessionDataStore() instanceof ClusterSessionStore store) {
            // The client is told that it is not kept, so it must not be kept a moment later.
            store.giveUp(session.getSessionData());
        }
        answer.notice();
    }

    /** After the answer: what fails now nobody is told, but it must not stay here, where it would hide what others write. */
    @Override
    public void release(ManagedSession session) throws Exception {
        try {
            super.release(session);
        } catch (Exception e) {
            counts.away.increment();
            if (session.getRequests() <= 0) {
                doDelete(session.getId());
                session.setResident(false);
            }
            throw e;
        }
    }
}
