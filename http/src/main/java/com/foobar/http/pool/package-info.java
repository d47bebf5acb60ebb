/**
 * PURE. Who gets the next request: backends, health on two axes, immutable pool snapshots, one small class per
 * algorithm, the retry rule. No sockets, clocks, loggers or threads.
 */
@NullMarked
package com.foobar.http.pool;

import org.jspecify.annotations.NullMarked;
