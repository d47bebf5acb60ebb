package com.foobar.database.keeper;

import com.foobar.database.embedded.DumpSource;
import com.foobar.database.embedded.Export;
import com.foobar.database.embedded.HistorySeed;
import com.foobar.database.embedded.LastWill;
import com.foobar.database.embedded.NodeFolder;
import com.foobar.database.embedded.NodeIdentity;
import com.foobar.database.embedded.NodeLaunch;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.Provisioning;
import com.foobar.database.embedded.StorageFailure;
import com.foobar.database.model.Boot;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is a child of this program and ends with it. Its folder is filled from the template when it is empty. */
public final class OwnServer implements Server {

    private static final Logger LOG = LoggerFactory.getLogger(OwnServer.class);

    private final NodeLaunch launch;
    private final Path cache;
    private final NodeIdentity identity;
    private final Time time;

    public OwnServer(NodeLaunch launch, Path cache, NodeIdentity identity, Time time) {
        this.launch = launch;
        this.cache = cache;
        this.identity = identity;
        this.time = time;
    }

    @Override
    public HostPort at() {
        return launch.settings().at();
    }

    @Override
    public boolean isEmpty() {
        return launch.folder().isEmpty();
    }

    @Override
    public Optional<Life> found() {
        return Optional.empty();
    }

    @Override
    public Life start(Boot.Tail tail) throws StartFailure, InterruptedException {
        NodeFolder folder = launch.folder();
        if (folder.isEmpty()) {
            Provisioning.fromTemplate(launch.engine(), cache, folder, identity, time);
        }
        NodeLaunch told = launch.with(tail);
        try {
            NodeProcess process =
                    NodeProcess.start(HistorySeed.of(folder).map(told::with).orElse(told), time);
            HistorySeed.planted(folder);
            return new ChildLife(process, will(process));
        } catch (IOException e) {
            throw new StartFailure(
                    "the database server in " + folder.root() + " cannot be started: " + e,
                    "see the reason given, then start again",
                    e);
        }
    }

    private static Optional<LastWill> will(NodeProcess process) {
        try {
            return Optional.of(LastWill.of(process));
        } catch (IOException e) {
            LOG.warn(
                    "Database server {} would outlive a kill of this program until the next start: {}",
                    process.at(),
                    e.toString());
            return Optional.empty();
        }
    }

    @Override
    public String provisionAnew(DumpSource source, String held) throws StartFailure, InterruptedException {
        NodeFolder folder = launch.folder();
        String kept = "there was no data";
        if (!folder.isEmpty()) {
            Path aside = folder.setAside("replaced", time);
            kept = Export.ofExtras(launch.engine(), aside, held);
        }
        Provisioning.fromDump(launch.engine(), cache, source, folder, identity, time);
        try {
            HistorySeed.write(folder, held);
        } catch (IOException e) {
            throw StorageFailure.of("what " + folder.root() + " holds cannot be noted", e);
        }
        return kept;
    }
}
