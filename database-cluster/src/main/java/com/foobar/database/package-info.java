/**
 * The replication coordinator: observe, decide, act; embedded server processes.
 */
@NullMarked
package com.foobar.database;

import org.jspecify.annotations.NullMarked;
