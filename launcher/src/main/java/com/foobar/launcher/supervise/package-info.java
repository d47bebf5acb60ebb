/**
 * I/O. Runs the roles of one process: ordered start, reload, drain, reverse stop; signals and the data directory.
 */
@NullMarked
package com.foobar.launcher.supervise;

import org.jspecify.annotations.NullMarked;
