/**
 * What tests lean on when the real thing cannot be had by the JDK alone: time by hand, bytes by hand, broken
 * links, real child processes.
 */
@NullMarked
package com.foobar.testkit;

import org.jspecify.annotations.NullMarked;
