/**
 * Logs and journals: plain lines on the console for people, JSON lines under the data directory for machines. Whoever logs only puts an
 * event into a bounded queue: a slow disk or a stuck terminal costs log lines, which are counted, and never a request.
 */
@NullMarked
package com.foobar.kernel.log;

import org.jspecify.annotations.NullMarked;
