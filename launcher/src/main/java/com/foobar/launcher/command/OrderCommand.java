package com.foobar.launcher.command;

import com.foobar.kernel.config.Reading;
import com.foobar.kernel.json.JsonWriter;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Instances;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Topology;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An order for one server of a pool; the command's name is the state. */
abstract class OrderCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "the process's data directory; default: ./data")
    Path data = Path.of("data");

    @Parameters(paramLabel = "NAME", description = "the server: web1, app1, db1, or POOL/SERVER")
    String name = "";

    OrderCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Command(name = "drain", description = "sends a server no new requests")
    static final class Drain extends OrderCommand {
        Drain(Surroundings surroundings) {
            super(surroundings);
        }
    }

    @Command(name = "ready", description = "uses a server again")
    static final class Ready extends OrderCommand {
        Ready(Surroundings surroundings) {
            super(surroundings);
        }
    }

    @Command(name = "maintenance", description = "sends a server nothing and does not check it")
    static final class Maintenance extends OrderCommand {
        Maintenance(Surroundings surroundings) {
            super(surroundings);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        Topology read = reading.value().orElseThrow();
        boolean database = role(read).equals(Optional.of(RoleName.DATABASE_CLUSTER));
        if (database && spec.name().equals("maintenance")) {
            surroundings.err().println(name + " is a database node, which can be drained and made ready again");
            return Exit.USAGE;
        }
        JsonWriter body = new JsonWriter().beginObject();
        body.field(database ? "node" : "state", database ? name : spec.name());
        String path = "/pools/" + (name.contains("/") ? name : pool(read) + "/" + name);
        try {
            HttpResponse<String> answer = new AdminClient(read.admin(), data)
                    .send(
                            database ? "POST" : "PUT",
                            database ? "/database/" + spec.name() : path,
                            body.end().toString());
            boolean done = answer.statusCode() == 200;
            (done ? surroundings.out() : surroundings.err()).print(answer.body());
            return done ? Exit.GOOD : answer.statusCode() == 404 ? Exit.USAGE : Exit.FOUND;
        } catch (AdminClient.Unreachable nobody) {
            surroundings.err().println(nobody.getMessage());
            return Exit.FOUND;
        }
    }

    /** Application servers are in the pools of the web servers, everybody else is in the balancers'. */
    private String pool(Topology topology) {
        return role(topology).equals(Optional.of(RoleName.APPSERVER)) ? "app" : "web";
    }

    private Optional<RoleName> role(Topology topology) {
        return Instances.of(topology).stream()
                .filter(one -> one.name().equals(name))
                .map(Instance::role)
                .findFirst();
    }
}
