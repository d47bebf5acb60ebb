package com.foobar.database.model;

/**
 * How much of the history a node has. A partial order: two nodes of one cluster may each hold what the other lacks. The form
 * belongs to the server's dialect; decisions use only this.
 */
public interface Position {

    /** How one position stands to another. */
    enum Relation {
        EQUAL,
        AHEAD,
        BEHIND,
        /** Each holds something that the other lacks. */
        DIVERGED
    }

    Relation to(Position other);

    /** The least position that covers both. */
    Position join(Position other);

    /** The most that both cover. */
    Position meet(Position other);

    default boolean covers(Position other) {
        Relation relation = to(other);
        return relation == Relation.EQUAL || relation == Relation.AHEAD;
    }
}
