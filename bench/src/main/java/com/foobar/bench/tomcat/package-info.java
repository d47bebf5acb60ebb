/** Tomcat as somebody would embed it who wants it fast: a program of its own, started from the bench's class path, measured from outside. */
@NullMarked
package com.foobar.bench.tomcat;

import org.jspecify.annotations.NullMarked;
