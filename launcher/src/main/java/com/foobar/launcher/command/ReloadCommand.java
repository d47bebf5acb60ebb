package com.foobar.launcher.command;

import com.foobar.kernel.config.Reading;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Topology;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reload", description = "asks a running process to read its configuration again")
final class ReloadCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "the process's data directory; default: ./data")
    Path data = Path.of("data");

    ReloadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        try {
            HttpResponse<String> answer =
                    new AdminClient(reading.value().orElseThrow().admin(), data).send("POST", "/reload", "");
            return told(answer);
        } catch (AdminClient.Unreachable nobody) {
            surroundings.err().println(nobody.getMessage());
            return Exit.FOUND;
        }
    }

    private int told(HttpResponse<String> answer) {
        boolean changed = answer.statusCode() == 200;
        lines(answer.body()).forEach((changed ? surroundings.out() : surroundings.err())::println);
        if (changed) {
            surroundings.out().println("reloaded");
            return Exit.GOOD;
        }
        surroundings.err().println("refused, the old configuration stays");
        return answer.statusCode() == 422 ? Exit.USAGE : Exit.FOUND;
    }

    /** The lines of the answer, or the answer itself where it is not one of the reload's own. */
    private static List<String> lines(String body) {
        try {
            if (Json.parse(body) instanceof Map<?, ?> facts && facts.get("lines") instanceof List<?> lines) {
                return lines.stream().map(String::valueOf).toList();
            }
        } catch (JsonSyntaxException text) {
            return List.of(body.strip());
        }
        return List.of(body.strip());
    }
}
