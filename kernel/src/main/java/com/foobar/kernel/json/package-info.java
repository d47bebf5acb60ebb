/**
 * JSON, as much of it as an admin port and a log line need: a writer that cannot produce broken text and a strict, limited reader.
 * Knows no other package of the program.
 */
@NullMarked
package com.foobar.kernel.json;

import org.jspecify.annotations.NullMarked;
