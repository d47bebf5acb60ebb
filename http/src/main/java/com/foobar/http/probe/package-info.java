/**
 * I/O. Asks backends how they are and tells the pool.
 */
@NullMarked
package com.foobar.http.probe;

import org.jspecify.annotations.NullMarked;
