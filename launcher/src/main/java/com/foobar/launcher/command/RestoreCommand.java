package com.foobar.launcher.command;

import com.foobar.database.backup.PointInTime;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.launcher.Exit;
import com.foobar.launcher.Restoring;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restore", description = "makes the databases of a stopped server from a backup")
final class RestoreCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "DIR", description = "the backup: a folder foobar-CLUSTER-TIME")
    Path backup = Path.of("");

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "the data directory to fill; default: ./data")
    Path data = Path.of("data");

    @Option(
            names = "--until",
            paramLabel = "GTID|TIME",
            description = "goes on from the backup to this transaction, or to before this time (UTC)")
    @Nullable
    String until;

    @Option(names = "--logs", paramLabel = "DIR", description = "the node whose binary logs --until is found in")
    @Nullable
    Path logs;

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((until == null) != (logs == null)) {
            surroundings.err().println("--until and --logs belong together");
            return Exit.USAGE;
        }
        Optional<PointInTime> wish;
        try {
            wish = wish();
        } catch (StartFailure words) {
            explain(words);
            return Exit.USAGE;
        }
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        try {
            Topology read = reading.value().orElseThrow();
            Selection selection = topology.select(read);
            surroundings
                    .out()
                    .println(new Restoring(read, selection, data, surroundings.environment()).from(backup, wish));
            return Exit.GOOD;
        } catch (Selection.Impossible words) {
            surroundings.err().println(words.getMessage());
            return Exit.USAGE;
        } catch (StartFailure failure) {
            explain(failure);
            return Exit.FOUND;
        }
    }

    private Optional<PointInTime> wish() throws StartFailure {
        return until == null || logs == null
                ? Optional.empty()
                : Optional.of(PointInTime.parse(until, logs.toAbsolutePath().normalize()));
    }

    private void explain(StartFailure failure) {
        surroundings.err().println(failure.getMessage());
        surroundings.err().println("to do: " + failure.cure());
    }
}
