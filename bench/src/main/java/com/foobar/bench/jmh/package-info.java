/**
 * What a single request pays inside the balancer, in nanoseconds and bytes. JMH forks its own JVMs: nothing here knows the
 * side-by-side measurement or is known by it.
 */
@NullMarked
package com.foobar.bench.jmh;

import org.jspecify.annotations.NullMarked;
