/**
 * I/O. Takes a request through a pool: pick, queue, attempt, retry, refuse, and one account of it all at the end.
 */
@NullMarked
package com.foobar.http.forward;

import org.jspecify.annotations.NullMarked;
