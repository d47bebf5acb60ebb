/**
 * The agent of one database node: it owns the server's process, looks at it, obeys the coordinator's orders and holds the lease without
 * which the server takes no writes. It decides nothing but this: whether an order is too old, and when its time is up. The behaviour
 * is that of the simulated node, for which the decisions are proven.
 *
 * <p>The server is one of ours (a child process) or one that the operator's service manager runs. MariaDB is run for real in the tests;
 * of MySQL only the statements are tested, against its documentation.
 *
 * <p>What outlives the keeper lies in one small file beside the data, the epoch of its last promotion included. A table in the database
 * was rejected: logged, it would replicate, and every replica would report the primary's reign as its own; unlogged, a copy of the
 * data would carry the donor's.
 */
@NullMarked
package com.foobar.database.keeper;

import org.jspecify.annotations.NullMarked;
