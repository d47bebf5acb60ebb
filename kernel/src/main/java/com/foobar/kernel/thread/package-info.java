/**
 * The one place that names threads.
 */
@NullMarked
package com.foobar.kernel.thread;

import org.jspecify.annotations.NullMarked;
