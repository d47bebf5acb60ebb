/**
 * How long a database cluster of three nodes takes from {@code java -jar} to the first acknowledged write: the packaged program is
 * started as users start it, with and without what a JDK can remember of its classes.
 */
@NullMarked
package com.foobar.bench.start;

import org.jspecify.annotations.NullMarked;
