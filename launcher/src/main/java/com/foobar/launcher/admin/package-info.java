/**
 * I/O. The admin port: what operators and Prometheus ask of one process.
 */
@NullMarked
package com.foobar.launcher.admin;

import org.jspecify.annotations.NullMarked;
