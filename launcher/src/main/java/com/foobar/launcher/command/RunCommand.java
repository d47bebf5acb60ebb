package com.foobar.launcher.command;

import picocli.CommandLine.Command;

@Command(name = "run", description = "starts roles and stays in the foreground (the default)")
final class RunCommand extends Running {
    RunCommand(Surroundings surroundings) {
        super(surroundings);
    }
}
