package com.foobar.http.pool;

/** One member of a pool at one moment, for status pages and metrics; since when it is so is known to whoever watches changes. */
public record MemberStatus(
        String name,
        Address address,
        boolean backup,
        Checked checked,
        Operator operator,
        Operator announced,
        int weight,
        double effectiveWeight,
        int maxConnections,
        int inFlight,
        int connections,
        int waiting,
        long picks,
        long retries,
        long ejections) {

    static MemberStatus of(Backend one, long nowNanos) {
        Health health = one.health();
        Load load = one.load();
        return new MemberStatus(
                one.name(),
                one.address(),
                one.settings().backup(),
                health.checked(),
                health.operator(),
                health.announced(),
                one.settings().weight(),
                one.weightParts(nowNanos) / (double) Health.PARTS,
                one.settings().maxConnections(),
                load.inFlight(),
                load.connections(),
                load.waiting(),
                load.picks(),
                load.retries(),
                load.ejections());
    }
}
