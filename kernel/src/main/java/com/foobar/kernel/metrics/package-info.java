/**
 * Prometheus metrics under one set of naming rules, read at {@code /metrics}; and a latency histogram cheap enough for
 * every request. Names no metric itself but those of the process: the others live with what they measure.
 */
@NullMarked
package com.foobar.kernel.metrics;

import org.jspecify.annotations.NullMarked;
