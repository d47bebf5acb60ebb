package com.foobar.launcher.command;

import com.foobar.launcher.Exit;
import com.foobar.launcher.Program;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "prints a completion script for bash and zsh")
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    HelpOption help = new HelpOption();

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.out().print(AutoComplete.bash(Program.NAME, spec.root().commandLine()));
        return Exit.GOOD;
    }
}
