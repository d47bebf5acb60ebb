/**
 * What can be done to a node by SQL, each deed small and bounded in time: connect, look, follow, stop receiving, drain, promote, demote,
 * rejoin. The order of deeds, and whether one may be done at all, is decided elsewhere; only what can be checked on the node itself is
 * checked here again, immediately before what cannot be undone.
 */
@NullMarked
package com.foobar.database.act;

import org.jspecify.annotations.NullMarked;
