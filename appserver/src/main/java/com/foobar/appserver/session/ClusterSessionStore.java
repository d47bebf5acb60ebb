package com.foobar.appserver.session;

import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.ByteSize;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.session.AbstractSessionDataStore;
import org.eclipse.jetty.session.SessionContext;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.UnreadableSessionDataException;
import org.eclipse.jetty.session.UnwriteableSessionDataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application's sessions in the database. Jetty calls it with the application's class loader as the thread's. */
final class ClusterSessionStore extends AbstractSessionDataStore {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSessionStore.class);
    private static final int MOST_NAMES = 1_000;

    private final SessionTable table;
    private final SessionCounts counts;
    private final ByteSize largest;
    private final String sweeper;
    private final Time time;
    /** Attributes that were complained about; once is enough for each. */
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    /** By identity: sessions of answers that were withheld. From the answer until the request's end, so there are few. */
    private final Set<SessionData> givenUp =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    ClusterSessionStore(SessionTable table, SessionCounts counts, ByteSize largest, String sweeper, Time time) {
        this.table = table;
        this.counts = counts;
        this.largest = largest;
        this.sweeper = sweeper;
        this.time = time;
    }

    @Override
    public boolean isPassivating() {
        return true;
    }

    @Override
    public @Nullable SessionData doLoad(String id) throws Exception {
        if (!isPossible(id)) {
            return null;
        }
        Optional<SessionTable.Row> found = table.load(id, place());
        counts.loaded.increment();
        if (found.isEmpty()) {
            return null;
        }
        SessionTable.Row row = found.get();
        SessionData data = newSessionData(id, row.created(), row.accessed(), row.lastAccessed(), row.maxIdle());
        data.setExpiry(row.expiry());
        data.setLastSaved(row.accessed());
        try {
            data.putAllAttributes(
                    Attributes.read(row.attributes(), Thread.currentThread().getContextClassLoader()));
        } catch (IOException | ClassNotFoundException | LinkageError e) {
            LOG.warn(
                    "a session of {} cannot be read and is given up; was a class of it changed? {}",
                    place(),
                    e.toString());
            throw new UnreadableSessionDataException(id, _context, e);
        }
        data.clean();
        return data;
    }

    /** It is not stored when its request ends. */
    void giveUp(SessionData data) {
        givenUp.add(data);
    }

    /** Another request in the same session is about to answer. */
    void tryAgain(SessionData data) {
        givenUp.remove(data);
    }

    @Override
    public void store(String id, SessionData data) throws Exception {
        if (!givenUp.remove(data)) {
            super.store(id, data);
        }
    }

    @Override
    public void doStore(String id, SessionData data, long lastSaveTime) throws Exception {
        Attributes.Written written;
        try {
            written = Attributes.write(data.getAllAttributes(), largest);
        } catch (SessionTooLarge e) {
            counts.refused.increment();
            throw new UnwriteableSessionDataException(
                    id, _context, new IOException(place() + ": " + e.getMessage(), e));
        }
        written.leftOut().forEach(this::complain);
        SessionTable.Row row = new SessionTable.Row(
                data.getCreated(),
                data.getAccessed(),
                data.getLastAccessed(),
                data.getExpiry(),
                data.getMaxInactiveMs(),
                0,
                written.bytes());
        counts.stored.increment();
        counts.bytes.add(written.bytes().length);
        if (lastSaveTime <= 0) {
            table.insert(id, place(), row);
        } else if (!table.update(id, place(), row)) {
            LOG.debug("a session of {} was invalidated elsewhere meanwhile, and stays so", place());
        }
    }

    private void complain(String attribute) {
        counts.leftOut.increment();
        if (complained.size() < MOST_NAMES && complained.add(attribute)) {
            LOG.warn(
                    "session attribute {} of {} cannot be serialised and is not kept; make its class Serializable, or keep it"
                            + " elsewhere than in the session",
                    attribute,
                    place());
        }
    }

    @Override
    public boolean doExists(String id) throws Exception {
        return isPossible(id)
                && table.load(id, place())
                        .filter(row -> row.expiry() <= 0
                                || row.expiry() > time.instant().toEpochMilli())
                        .isPresent();
    }

    @Override
    public boolean delete(String id) throws Exception {
        return isPossible(id) && table.delete(id, place());
    }

    @Override
    public Set<String> doCheckExpired(Set<String> candidates, long now) {
        // Nothing stays in the cache between requests, so there are no candidates to speak of.
        return Set.of();
    }

    @Override
    public Set<String> doGetExpired(long before) {
        try {
            return table.claimSweep(place(), sweeper, TimeUnit.SECONDS.toMillis(getGracePeriodSec()))
                    ? table.expired(place(), before)
                    : Set.of();
        } catch (SQLException e) {
            LOG.warn("expired sessions of {} stay for now: {}", place(), e.getMessage());
            return Set.of();
        }
    }

    @Override
    public void doCleanOrphans(long before) {
        try {
            if (table.claimSweep("*", sweeper, TimeUnit.SECONDS.toMillis(getGracePeriodSec()))) {
                int gone = table.deleteExpired(before);
                if (gone > 0) {
                    LOG.info("{} expired sessions that no application claimed were removed", gone);
                }
            }
        } catch (SQLException e) {
            LOG.warn("expired sessions of former applications stay for now: {}", e.getMessage());
        }
    }

    /** Ids come from strangers' cookies; one that no server gave out need not be asked for. */
    private static boolean isPossible(String id) {
        return id.length() <= SessionTable.LONGEST_ID && id.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private String place() {
        SessionContext context = _context;
        String vhost = context.getVhost() == null ? "" : context.getVhost();
        String place = context.getCanonicalContextPath() + "@" + vhost;
        return place.length() <= SessionTable.LONGEST_PLACE ? place : place.substring(0, SessionTable.LONGEST_PLACE);
    }
}
