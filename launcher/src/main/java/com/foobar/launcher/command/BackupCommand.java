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
import picocli.CommandLine.Option;

@Command(name = "backup", description = "backs the database up while it serves, and proves it by a restore")
final class BackupCommand implements Callable<Integer> {
    private static final int UNDER_WAY = 202;

    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--data", paramLabel = "DIR", description = "the process's data directory; default: ./data")
    Path data = Path.of("data");

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "where backups lie; default: backups in the process's data")
    @Nullable
    Path to;

    @Option(names = "--keep", paramLabel = "N", description = "removes older ones beyond N; default: keeps all")
    int keep;

    @Option(names = "--no-verify", description = "skips the restore into a scratch server")
    boolean noVerify;

    BackupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        JsonWriter body = new JsonWriter().beginObject().field("keep", keep).field("verify", !noVerify);
        if (to != null) {
            body.field("to", to.toAbsolutePath().normalize().toString());
        }
        try {
            AdminClient client = new AdminClient(reading.value().orElseThrow().admin(), data);
            HttpResponse<String> answer =
                    client.send("POST", "/database/backup", body.end().toString());
            while (answer.statusCode() == UNDER_WAY) {
                answer = client.send("POST", "/database/backup", "{\"wait\":true}");
            }
            boolean done = answer.statusCode() == 200;
            (done ? surroundings.out() : surroundings.err()).print(answer.body());
            return done ? Exit.GOOD : answer.statusCode() == 404 ? Exit.USAGE : Exit.FOUND;
        } catch (AdminClient.Unreachable nobody) {
            surroundings.err().println(nobody.getMessage());
            return Exit.FOUND;
        }
    }
}
