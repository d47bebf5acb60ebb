package com.foobar.quorum;

import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hangs up on voters that do not answer and calls them anew. Ratis keeps a connection for as long as TCP does, and after a network that dropped
 * packets is whole again, TCP stays silent for up to as long once more: a voter that is back would not be heard, and one that needs it
 * to lead would be deposed.
 */
final class Redialling {

    private static final Logger LOG = LoggerFactory.getLogger(Redialling.class);

    /** In the longest election timeouts: nobody is hung up on who could still be heard in time. */
    private static final int PATIENCE = 2;

    private final RaftServer server;
    private final List<RaftPeerId> others;
    private final HeartbeatRounds rounds;
    private final Time time;
    private final Executor executor;
    private final Duration patience;

    /** Since when each is waited for: the last word of or about it, or the last call. Guarded by this. */
    private final Map<RaftPeerId, Long> since = new HashMap<>();

    Redialling(RaftServer server, VoterSettings settings, HeartbeatRounds rounds, Time time, Executor executor) {
        this.server = server;
        this.others = settings.voters().keySet().stream()
                .filter(name -> !name.equals(settings.name()))
                .map(RaftPeerId::valueOf)
                .toList();
        this.rounds = rounds;
        this.time = time;
        this.executor = executor;
        this.patience = settings.timing().electionMax().multipliedBy(PATIENCE);
        others.forEach(other -> since.put(other, time.nanos()));
    }

    /** A leader knows who is silent; who has a leader needs nobody else; who has none does not know, and calls all. */
    synchronized void look(boolean elected, boolean hasLeader) {
        long now = time.nanos();
        for (RaftPeerId other : others) {
            boolean heard = elected ? rounds.hasHeard(other, patience) : hasLeader;
            if (heard) {
                since.put(other, now);
            } else if (now - since.getOrDefault(other, now) > patience.toNanos()) {
                since.put(other, now);
                executor.execute(() -> redial(other));
            }
        }
    }

    private void redial(RaftPeerId other) {
        LOG.debug("{} calls {} anew, which has not answered for {} ms", server.getId(), other, patience.toMillis());
        // Ratis waits for the calls under way to end before it hangs up, and these never will; who is interrupted does
        // not wait.
        Thread.currentThread().interrupt();
        try {
            server.getServerRpc().handleException(other, new IOException("silent"), true);
        } finally {
            boolean unused = Thread.interrupted();
        }
    }
}
