/**
 * I/O. Carries one request to the next tier: over a socket on the I/O thread that owns the request, or directly
 * inside this JVM.
 */
@NullMarked
package com.foobar.http.transport;

import org.jspecify.annotations.NullMarked;
