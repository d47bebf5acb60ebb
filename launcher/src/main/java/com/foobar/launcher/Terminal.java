package com.foobar.launcher;

import java.io.PrintStream;

/** Where a run speaks to people. */
public record Terminal(PrintStream console, boolean colours) {}
