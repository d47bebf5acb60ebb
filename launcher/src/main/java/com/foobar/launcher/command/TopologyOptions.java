package com.foobar.launcher.command;

import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.launcher.TopologySource;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Selection;
import com.foobar.launcher.topology.Topology;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which topology, and which part of it. */
final class TopologyOptions {
    @Option(names = "--conf", paramLabel = "FILE", description = "the topology file; default: conf/demo.yaml")
    @Nullable
    Path conf;

    @Option(names = "--server", paramLabel = "NAME", description = "which of its servers this machine is")
    String server = "";

    @Option(
            names = "--role",
            paramLabel = "R",
            split = ",",
            converter = RoleReader.class,
            description = "all (default), lb, web, app, db; repeatable")
    List<RoleChoice> roles = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one key of the file; repeatable")
    List<String> overrides = new ArrayList<>();

    TopologySource source(Map<String, String> environment) {
        return new TopologySource(conf, environment, overrides);
    }

    /** Good readings only; of a bad one every problem is printed. */
    @Nullable
    Reading<Topology> read(Surroundings surroundings, PrintStream out) {
        try {
            Reading<Topology> reading = source(surroundings.environment()).read();
            if (reading.value().isPresent()) {
                return reading;
            }
            reading.problems().stream().map(Problem::line).forEach(out::println);
            int errors = reading.errors().size();
            out.println(errors == 1 ? "1 error" : errors + " errors");
        } catch (IOException unreadable) {
            out.println(unreadable.getMessage());
        }
        return null;
    }

    Selection select(Topology topology) throws Selection.Impossible {
        Set<RoleName> wanted = EnumSet.noneOf(RoleName.class);
        if (roles.stream().noneMatch(choice -> choice.roles().isEmpty())) {
            roles.forEach(choice -> wanted.addAll(choice.roles()));
        }
        return Selection.of(topology, server, wanted);
    }

    /** One word of {@code --role}; no role stands for all. */
    record RoleChoice(Set<RoleName> roles) {}

    /** Reads one word of {@code --role}. */
    static final class RoleReader implements ITypeConverter<RoleChoice> {
        @Override
        public RoleChoice convert(String word) {
            if (word.strip().equalsIgnoreCase("all")) {
                return new RoleChoice(Set.of());
            }
            try {
                return new RoleChoice(Set.of(RoleName.parse(word)));
            } catch (IllegalArgumentException unknown) {
                throw new TypeConversionException("'" + word + "' is no role, expected all, " + RoleName.words());
            }
        }
    }
}
