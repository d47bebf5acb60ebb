/**
 * The small values that configuration and roles speak in: parsed from text, printed back as the same text, immutable.
 * A {@code parse} that refuses throws {@link IllegalArgumentException} whose message says what was expected, never what
 * was given: the caller knows that, and knows whether it may be printed.
 */
@NullMarked
package com.foobar.kernel.value;

import org.jspecify.annotations.NullMarked;
