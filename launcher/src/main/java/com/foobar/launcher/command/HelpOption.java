package com.foobar.launcher.command;

import picocli.CommandLine.Option;

/** The help of one command. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this help and exit")
    boolean wanted;
}
