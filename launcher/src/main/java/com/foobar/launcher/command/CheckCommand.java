package com.foobar.launcher.command;

import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.launcher.DatabaseCertificates;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Instances;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "check", description = "prints every problem of the configuration, starts nothing")
final class CheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        PrintStream out = surroundings.out();
        Reading<Topology> reading = topology.read(surroundings, out);
        if (reading == null) {
            return Exit.USAGE;
        }
        reading.warnings().stream().map(Problem::line).map("warning: "::concat).forEach(out::println);
        Topology good = reading.value().orElseThrow();
        try {
            if (!topology.server.isEmpty()
                    || !topology.roles.isEmpty()
                    || good.servers().size() == 1) {
                if (!DatabaseCertificates.areGood(reading, topology.select(good), Instant.now(), out)) {
                    return Exit.USAGE;
                }
            } else if (good.databaseCluster().tls().isPresent()) {
                out.println("the files of database-cluster.tls are looked at with --server NAME, on each machine");
            }
        } catch (Selection.Impossible words) {
            out.println(words.getMessage());
            return Exit.USAGE;
        }
        out.printf(
                "good: %d servers, %d instances%n",
                good.servers().size(), Instances.of(good).size());
        return Exit.GOOD;
    }
}
