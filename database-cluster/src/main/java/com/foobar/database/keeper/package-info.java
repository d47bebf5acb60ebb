/**
 * The agent of one database node: it owns the server's process, looks at it, obeys the coordinator's orders and holds the lease without
 * which the server takes no writes. It decides nothing but this: whether an order is too old, and when its time is up. The behaviour
 * is that of the simulated node, for which the decisions are proven.
 *
 * <p>The server is one of ours (a child process) or one that the operator's service manager runs. MariaDB is run for real in the tests.
 * Of MySQL only the statements are tested, against its documentation, and a keeper of one is refused: the decisions know MariaDB's
 * positions only.
 *
 * <p>It starts its server at once, read-only and following nobody, for a new life acknowledges nothing; but not one that died in office,
 * because a start decides over its tail for good, and only the coordinator knows what that is worth.
 *
 * <p>What outlives the keeper lies in one small file beside the data, the epoch of its last promotion included. A table in the database
 * was rejected: logged, it would replicate, and every replica would report the primary's reign as its own; unlogged, a copy of the
 * data would carry the donor's.
 */
@NullMarked
package com.foobar.database.keeper;

import org.jspecify.annotations.NullMarked;
