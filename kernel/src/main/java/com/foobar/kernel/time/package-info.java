/**
 * Two clocks, never confused: monotonic for leases and timeouts, wall clock for text. Both are passed in.
 */
@NullMarked
package com.foobar.kernel.time;

import org.jspecify.annotations.NullMarked;
