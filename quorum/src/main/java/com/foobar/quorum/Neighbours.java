package com.foobar.quorum;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/** The voters of a cluster that all live in one process: they reach each other by calls, and none listens anywhere. */
public final class Neighbours {

    private static final String KEY = "foobar.neighbours";

    private final Map<RaftPeerId, RaftServer> open = new ConcurrentHashMap<>();

    static Neighbours in(Parameters parameters) {
        return Objects.requireNonNull(
                parameters.get(KEY, Neighbours.class), "given by whoever chose that voters reach each other by calls");
    }

    void into(Parameters parameters) {
        parameters.put(KEY, this, Neighbours.class);
    }

    void add(RaftServer voter) {
        open.put(voter.getId(), voter);
    }

    void remove(RaftServer voter) {
        open.remove(voter.getId(), voter);
    }

    RaftServer find(RaftPeerId voter) throws IOException {
        RaftServer found = open.get(voter);
        if (found == null) {
            throw new IOException("voter " + voter + " is not open");
        }
        return found;
    }
}
