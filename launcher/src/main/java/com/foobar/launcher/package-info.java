/**
 * Command line, wiring, supervisor, admin port: the only module that knows all roles, and the only one that may
 * exit the JVM or read its environment.
 */
@NullMarked
package com.foobar.launcher;

import org.jspecify.annotations.NullMarked;
