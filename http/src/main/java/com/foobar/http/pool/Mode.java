package com.foobar.http.pool;

/** How the servers of a pool share the work (not to be confused with how two balancers share an address). */
public enum Mode {
    /** All usable servers work; the backup mark is ignored. */
    ACTIVE_ACTIVE,
    /**
     * Servers marked backup wait until no other server is usable. A server at its limit is usable (the request queues); one that
     * this request has already tried in vain is not, so a retry may reach a backup before the checks have noticed.
     */
    ACTIVE_PASSIVE
}
