/**
 * Prometheus metrics under one set of naming rules.
 */
@NullMarked
package com.foobar.kernel.metrics;

import org.jspecify.annotations.NullMarked;
