/**
 * Logs: plain lines on the console for people, JSON lines under the data directory for machines.
 */
@NullMarked
package com.foobar.kernel.log;

import org.jspecify.annotations.NullMarked;
