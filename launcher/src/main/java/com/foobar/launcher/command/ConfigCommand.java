package com.foobar.launcher.command;

import com.foobar.kernel.config.Entry;
import com.foobar.kernel.config.Reading;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Topology;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "config", description = "prints the effective configuration and its origins")
final class ConfigCommand implements Callable<Integer> {
    private static final int WIDEST = 60;

    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    ConfigCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        List<Entry> entries = reading.effective();
        int width = entries.stream()
                .mapToInt(entry -> setting(entry).length())
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(1);
        entries.forEach(entry -> surroundings
                .out()
                .printf(
                        "%-" + width + "s  # %s%n",
                        setting(entry),
                        entry.origin().text()));
        return Exit.GOOD;
    }

    private static String setting(Entry entry) {
        return entry.key() + " = " + entry.value();
    }
}
