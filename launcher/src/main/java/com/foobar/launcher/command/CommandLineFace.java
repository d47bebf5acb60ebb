package com.foobar.launcher.command;

import com.foobar.launcher.Exit;
import com.foobar.launcher.Program;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Option;

/** The whole command line as one thing that can be called, by main and by tests alike. */
public final class CommandLineFace {

    private CommandLineFace() {}

    public static int execute(
            Map<String, String> environment, boolean terminal, PrintStream out, PrintStream err, String... arguments) {
        Surroundings surroundings = new Surroundings(environment, terminal, out, err);
        CommandLine line = new CommandLine(new Foobar(surroundings), new WithSurroundings(surroundings))
                .setOut(writer(out))
                .setErr(writer(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.colours() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((bug, failed, parsed) -> {
                    bug.printStackTrace(err);
                    err.println("this is a fault of the program: please report the lines above");
                    return Exit.INTERNAL;
                });
        line.getCommandSpec().version(Program.NAME + " " + Program.version() + " (java " + Runtime.version() + ")");
        return line.execute(arguments);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Everything typed without a command is a run. */
    @Command(
            name = Program.NAME,
            customSynopsis = Program.NAME + " [COMMAND] [OPTIONS]",
            description = "The whole www.foobar.com stack in one program. Without a command it runs.",
            // Options are indented otherwise than commands; a heading would cost the line that the screen lacks.
            commandListHeading = "",
            subcommands = {
                RunCommand.class,
                CheckCommand.class,
                ConfigCommand.class,
                StatusCommand.class,
                ReloadCommand.class,
                OrderCommand.Drain.class,
                OrderCommand.Ready.class,
                OrderCommand.Maintenance.class,
                DatabaseCommand.Switchover.class,
                DatabaseCommand.Failover.class,
                DatabaseCommand.Rejoin.class,
                DatabaseCommand.Join.class,
                BackupCommand.class,
                RestoreCommand.class,
                CompletionCommand.class
            })
    static final class Foobar extends Running {
        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "print the version and exit")
        boolean version;

        Foobar(Surroundings surroundings) {
            super(surroundings);
        }
    }

    /** Hands every command what main was given; a constructor is all the injection there is. */
    private record WithSurroundings(Surroundings surroundings) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Surroundings.class).newInstance(surroundings);
            } catch (NoSuchMethodException plain) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
