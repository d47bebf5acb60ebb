/**
 * What is typed: picocli commands and their options. A command parses, asks, prints and chooses an exit status;
 * nothing else.
 */
@NullMarked
package com.foobar.launcher.command;

import org.jspecify.annotations.NullMarked;
