package com.foobar.quorum;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.port.BindFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Ratis, and undoes what was started when it cannot go on. */
record VoterStart(RaftServer server, RaftServer.Division division, RecordsMachine machine, HeartbeatRounds rounds) {

    private static final Logger LOG = LoggerFactory.getLogger(VoterStart.class);
    private static final String PORT_KEY = "database-cluster.quorum-port";
    private static final Duration UNDOING_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSING_GLANCE = Duration.ofMillis(10);

    static VoterStart of(VoterSettings settings) throws StartFailure {
        NoExit.ensure();
        if (settings.neighbours().isEmpty()) {
            checkPort(settings.address());
        }
        VoterFolder.claim(settings);
        HeartbeatRounds rounds = new HeartbeatRounds();
        Parameters parameters = parameters(settings, rounds);
        RecordsMachine machine = new RecordsMachine();
        RaftServer server = null;
        try {
            server = build(settings, parameters, machine);
            server.start();
            RaftServer.Division division = server.getDivision(groupId(settings));
            return new VoterStart(server, division, machine, rounds);
        } catch (IOException | RuntimeException failed) {
            undo(server, settings);
            throw failure(settings, failed);
        }
    }

    private static Parameters parameters(VoterSettings settings, HeartbeatRounds rounds) throws StartFailure {
        Parameters parameters = new Parameters();
        rounds.into(parameters);
        if (settings.neighbours().isPresent()) {
            settings.neighbours().get().into(parameters);
        } else if (settings.tls().isPresent()) {
            GrpcConfigKeys.TLS.setConf(parameters, GrpcTls.of(settings.tls().get()));
        }
        return parameters;
    }

    private static RaftServer build(VoterSettings settings, Parameters parameters, RecordsMachine machine)
            throws IOException {
        List<RaftPeer> peers = settings.voters().entrySet().stream()
                .map(voter -> RaftPeer.newBuilder()
                        .setId(RaftPeerId.valueOf(voter.getKey()))
                        .setAddress(voter.getValue().toString())
                        .build())
                .toList();
        return RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(settings.name()))
                .setGroup(RaftGroup.valueOf(groupId(settings), peers))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setStateMachine(machine)
                .setProperties(VoterProperties.of(settings))
                .setParameters(parameters)
                .setThreadGroup(new ThreadGroup(settings.name() + "-quorum"))
                .build();
    }

    private static RaftGroupId groupId(VoterSettings settings) {
        return RaftGroupId.valueOf(VoterFolder.group(settings.cluster()));
    }

    /** Ratis would wrap the operating system's "no" three times, and then end the process. */
    private static void checkPort(HostPort address) throws StartFailure {
        InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(socket);
        } catch (IOException refused) {
            throw BindFailure.of(socket, PORT_KEY, refused);
        }
    }

    private static StartFailure failure(VoterSettings settings, Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof BindException refused) {
            HostPort address = settings.address();
            return BindFailure.of(new InetSocketAddress(address.host(), address.port()), PORT_KEY, refused);
        }
        return new StartFailure(
                "quorum voter " + settings.name() + " cannot start with the data in " + settings.folder() + ": " + root,
                "is another process using the folder, or the disk full? A damaged folder may be emptied while a"
                        + " majority of the other voters runs: it is filled again from theirs",
                failed);
    }

    private static void undo(@Nullable RaftServer server, VoterSettings settings) {
        if (server != null) {
            close(server, settings, UNDOING_PATIENCE);
        }
    }

    /**
     * Waits until port and folder are free, so that the voter can be started again; Ratis then still waits two seconds for the event loops of
     * Netty to become quiet, and for some of its threads without any limit.
     */
    static void close(RaftServer server, VoterSettings settings, Duration patience) {
        Thread closing = Threads.one(settings.name(), "quorum-close", () -> {
            try {
                server.close();
            } catch (IOException | RuntimeException failed) {
                LOG.warn("quorum voter {} did not close cleanly: {}", settings.name(), failed.toString());
            }
        });
        closing.start();
        long began = System.nanoTime();
        try {
            while (closing.isAlive() && !hasLetGo(server, settings)) {
                if (System.nanoTime() - began > patience.toNanos()) {
                    LOG.warn(
                            "quorum voter {} has not closed within {} ms; its threads end with the process",
                            settings.name(),
                            patience.toMillis());
                    return;
                }
                closing.join(CLOSING_GLANCE.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasLetGo(RaftServer server, VoterSettings settings) {
        try {
            LifeCycle.State state =
                    server.getDivision(groupId(settings)).getInfo().getLifeCycleState();
            // While it is closing it still writes.
            return state == LifeCycle.State.CLOSED && isPortFree(settings);
        } catch (IOException alreadyForgotten) {
            return isPortFree(settings);
        }
    }

    private static boolean isPortFree(VoterSettings settings) {
        if (settings.neighbours().isPresent()) {
            return true;
        }
        try {
            checkPort(settings.address());
            return true;
        } catch (StartFailure inUse) {
            return false;
        }
    }
}
