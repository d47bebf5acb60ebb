/**
 * The balancer beside haproxy and nginx on one machine: the same two backends, the same load, in turns. Starts and reaps
 * processes; never on the class path of anything that runs in production.
 */
@NullMarked
package com.foobar.bench;

import org.jspecify.annotations.NullMarked;
