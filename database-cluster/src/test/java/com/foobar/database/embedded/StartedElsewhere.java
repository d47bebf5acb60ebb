package com.foobar.database.embedded;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A program that starts a node and goes on until it is killed: {@code engine cache folder port cluster}. */
final class StartedElsewhere {

    private StartedElsewhere() {}

    public static void main(String[] arguments) throws Exception {
        Time time = new SystemTime("elsewhere");
        Path cache = Path.of(arguments[1]);
        Engine engine = new EngineSearch(Optional.of(Path.of(arguments[0])), List.of(), List.of())
                .find(cache, "database-cluster.engine", time);
        NodeFolder folder = NodeFolder.at(Path.of(arguments[2]));
        if (folder.isEmpty()) {
            Provisioning.fromTemplate(
                    engine, cache, folder, new NodeIdentity(arguments[4], "elsewhere", engine.version()), time);
        }
        NodeSettings settings =
                NodeSettings.small(7, new HostPort("127.0.0.1", Integer.parseInt(arguments[3])), Durability.DEMO);
        NodeProcess node = NodeProcess.start(
                new NodeLaunch(
                        engine,
                        folder,
                        settings,
                        arguments[4],
                        List.of(),
                        "database-cluster.port",
                        Duration.ofSeconds(60)),
                time);
        System.out.println("READY " + node.pid());
        new CountDownLatch(1).await();
    }
}
