/**
 * PURE. What the coordinator knows and says, as immutable values: positions, views of nodes, the replicated record, plans,
 * certificates, refusals. No sockets, clocks, loggers, files or threads.
 */
@NullMarked
package com.foobar.database.model;

import org.jspecify.annotations.NullMarked;
