package com.foobar.database.keeper;

import com.foobar.database.embedded.Durability;
import com.foobar.database.embedded.Engine;
import com.foobar.database.embedded.EngineSearch;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeSettings;
import com.foobar.database.model.Boot;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A program that starts a server as keepers do, for a test that kills the program. */
final class KeptElsewhere {

    private KeptElsewhere() {}

    public static void main(String[] arguments) throws Exception {
        Time time = new SystemTime("elsewhere");
        Path cache = Path.of(arguments[1]);
        Engine engine = new EngineSearch(Optional.of(Path.of(arguments[0])), List.of(), List.of())
                .find(cache, "database-cluster.engine", time);
        NodeFolder folder = NodeFolder.at(Path.of(arguments[2]));
        NodeSettings settings =
                NodeSettings.small(7, new HostPort("127.0.0.1", Integer.parseInt(arguments[3])), Durability.DEMO);
        NodeLaunch launch = new NodeLaunch(
                engine, folder, settings, arguments[4], List.of(), "database-cluster.port", Duration.ofSeconds(60));
        OwnServer server =
                new OwnServer(launch, cache, new NodeIdentity(arguments[4], "elsewhere", engine.version()), time);
        Life life = server.start(Boot.Tail.KEPT);
        System.out.println("READY " + life.mark());
        new CountDownLatch(1).await();
    }
}
