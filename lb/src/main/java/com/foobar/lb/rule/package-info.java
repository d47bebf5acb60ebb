/**
 * PURE. What is decided about a request before a backend is picked: which route it takes, whether this client may, how often
 * and how many at once, where it is sent instead. No sockets, threads, loggers or clocks: time comes in as nanoseconds of the
 * monotonic clock. Everything here runs for every request on an I/O thread, so it never waits and hardly allocates.
 */
@NullMarked
package com.foobar.lb.rule;

import org.jspecify.annotations.NullMarked;
