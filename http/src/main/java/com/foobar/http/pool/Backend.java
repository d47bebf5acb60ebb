package com.foobar.http.pool;

/**
 * One server of a pool. Immutable in its settings; a reload makes a new object that shares {@link Load} and {@link Health} with
 * the old one if name and address stayed the same, so a request that began before the reload is counted out correctly after it.
 */
public final class Backend {
    private final BackendSettings settings;
    private final Load load;
    private final Cell<Health> health;
    private final Cell<Ejection> ejection;
    final Turn turn;
    final long nameHash;

    Backend(BackendSettings settings, Turn turn) {
        this(settings, new Load(), new Cell<>(Health.UNCHECKED), new Cell<>(Ejection.NONE), turn);
    }

    private Backend(BackendSettings settings, Load load, Cell<Health> health, Cell<Ejection> ejection, Turn turn) {
        this.settings = settings;
        this.load = load;
        this.health = health;
        this.ejection = ejection;
        this.turn = turn;
        this.nameHash = Hash.of(settings.name());
    }

    /** The same server under new settings; at a new address it is a new server that keeps only its place in the rotation. */
    Backend reloaded(BackendSettings changed) {
        return changed.address().equals(settings.address())
                ? new Backend(changed, load, health, ejection, turn)
                : new Backend(changed, turn);
    }

    public String name() {
        return settings.name();
    }

    public Address address() {
        return settings.address();
    }

    public BackendSettings settings() {
        return settings;
    }

    public Load load() {
        return load;
    }

    public Health health() {
        return health.get();
    }

    /** The prober's verdict after counting; true if the state changed. */
    public boolean verdict(boolean up, long nowNanos) {
        return health.change(h -> h.verdict(up, nowNanos));
    }

    /** The operator's order; true if the state changed. Leaving maintenance leaves the backend unchecked. */
    public boolean order(Operator order) {
        return health.change(h -> h.ordered(order));
    }

    /** What the node itself announces: a drain or maintenance of its own, and the percentage of its weight it can carry. */
    public boolean announce(Operator wish, int percent) {
        return health.change(h -> h.announced(wish, percent));
    }

    boolean eject() {
        return health.change(Health::ejected);
    }

    boolean readmit(long nowNanos) {
        return health.change(h -> h.readmitted(nowNanos));
    }

    Cell<Ejection> ejection() {
        return ejection;
    }

    /** Same server, before or after a reload. */
    boolean same(Backend other) {
        return load == other.load;
    }

    boolean full() {
        return settings.maxConnections() > 0 && load.inFlight() >= settings.maxConnections();
    }

    boolean tryBegin() {
        return load.tryBegin(settings.maxConnections());
    }

    void end() {
        if (!load.end()) {
            throw new IllegalStateException("backend " + name() + ": a request was released twice, or never picked");
        }
    }

    long weightParts(long nowNanos) {
        return health.get().weightParts(settings.weight(), settings.slowStart(), nowNanos);
    }

    @Override
    public String toString() {
        return name() + '@' + address();
    }
}
