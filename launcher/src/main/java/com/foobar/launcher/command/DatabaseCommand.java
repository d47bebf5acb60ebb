package com.foobar.launcher.command;

import com.foobar.kernel.config.Reading;
import com.foobar.kernel.json.JsonWriter;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Topology;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A change of the database's topology; the command's name is the order. */
abstract class DatabaseCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "the process's data directory; default: ./data")
    Path data = Path.of("data");

    @Option(names = "--dry-run", description = "prints what would be done, and does nothing")
    boolean dryRun;

    DatabaseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What the order says besides. */
    abstract void details(JsonWriter body);

    @Command(name = "switchover", description = "makes another node the primary, without an error")
    static final class Switchover extends DatabaseCommand {
        @Option(names = "--to", paramLabel = "NAME", description = "the new primary; default: the best replica")
        @Nullable
        String to;

        Switchover(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        void details(JsonWriter body) {
            if (to != null) {
                body.field("to", to);
            }
        }
    }

    @Command(name = "failover", description = "replaces the primary now; proven lossless or refused")
    static final class Failover extends DatabaseCommand {
        @Option(
                names = "--accept-loss",
                paramLabel = "SENTENCE",
                description = "goes on where nothing can be proven; a refusal says which sentence to type")
        @Nullable
        String acceptLoss;

        Failover(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        void details(JsonWriter body) {
            if (acceptLoss != null) {
                body.field("acceptLoss", acceptLoss);
            }
        }
    }

    /** An order about one node. */
    abstract static class OfNode extends DatabaseCommand {
        @Parameters(paramLabel = "NAME", description = "the database node: db1")
        String name = "";

        OfNode(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        void details(JsonWriter body) {
            body.field("node", name);
        }
    }

    @Command(name = "rejoin", description = "brings a former primary back as a replica")
    static final class Rejoin extends OfNode {
        @Option(
                names = "--anew",
                description = "keeps its data aside and copies the primary's, even if nothing is wrong")
        boolean anew;

        Rejoin(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        void details(JsonWriter body) {
            super.details(body);
            if (anew) {
                body.field("anew", true);
            }
        }
    }

    @Command(name = "join", description = "fills an empty database node and makes it a replica")
    static final class Join extends OfNode {
        Join(Surroundings surroundings) {
            super(surroundings);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        JsonWriter body = new JsonWriter().beginObject();
        if (dryRun) {
            body.field("dryRun", true);
        }
        details(body);
        try {
            HttpResponse<String> answer = new AdminClient(
                            reading.value().orElseThrow().admin(), data)
                    .send("POST", "/database/" + spec.name(), body.end().toString());
            boolean done = answer.statusCode() == 200;
            (done ? surroundings.out() : surroundings.err()).print(answer.body());
            return done ? Exit.GOOD : answer.statusCode() == 404 ? Exit.USAGE : Exit.FOUND;
        } catch (AdminClient.Unreachable nobody) {
            surroundings.err().println(nobody.getMessage());
            return Exit.FOUND;
        }
    }
}
