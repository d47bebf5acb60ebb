/**
 * The one lifecycle every role obeys: start, readiness, prepare, drain, close.
 */
@NullMarked
package com.foobar.kernel.lifecycle;

import org.jspecify.annotations.NullMarked;
