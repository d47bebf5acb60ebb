package com.foobar.launcher.command;

import com.foobar.kernel.config.Reading;
import com.foobar.launcher.DatabaseCertificates;
import com.foobar.launcher.Exit;
import com.foobar.launcher.Launch;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A run, whether the word is typed or not. */
abstract class Running implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "where logs and state live; default: ./data")
    Path data = Path.of("data");

    Running(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        try {
            Selection selection = topology.select(reading.value().orElseThrow());
            if (!DatabaseCertificates.areGood(reading, selection, Instant.now(), surroundings.err())) {
                return Exit.USAGE;
            }
            return new Launch(
                            topology.source(surroundings.environment()),
                            reading,
                            selection,
                            data,
                            surroundings.environment(),
                            surroundings.console(),
                            Runtime.getRuntime()::halt)
                    .run();
        } catch (Selection.Impossible words) {
            surroundings.err().println(words.getMessage());
            return Exit.USAGE;
        }
    }
}
