package com.foobar.database.simulate;

/** The world as it is meant to be, and worlds with one planted bug each: the simulator must tell them apart. */
enum Variation {
    NONE,
    /** A replica reports what it received as applied: it is promoted before it is drained. */
    PROMOTES_BEFORE_DRAINED,
    /** A silent acker is left out of those that must answer. */
    FORGETS_SILENT_ACKERS,
    /** A receiver that was restarted passes for the one that acknowledged. */
    OVERLOOKS_RESTARTED_RECEIVERS,
    /** Nodes do what anybody said at any time: no stamp, no lease, no boot, no generation is checked on the node. */
    OBEYS_DEPOSED_COORDINATORS,
    /** Every start cuts the tail off, as init-rpl-role=SLAVE in every node's file does. */
    TRUNCATES_EVERY_TAIL,
    /** The lease of a silent node is not waited for. */
    DISMISSES_WITHOUT_WAITING
}
