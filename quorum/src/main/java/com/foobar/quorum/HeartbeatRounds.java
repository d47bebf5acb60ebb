package com.foobar.quorum;

import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Asks the followers at this moment whether they still follow.
 *
 * <p>Ratis 3.3.0 has a read of its own for this, which cannot be relied on: once a read at some log index was acknowledged,
 * {@code ReadIndexHeartbeats} answers every later read at that index without asking anybody, and {@code FollowerInfo} takes even a refusal
 * of the follower as a sign of the lease. A deposed leader that is cut off would go on answering as long as nothing is written.
 */
final class HeartbeatRounds {

    private static final String KEY = "foobar.heartbeat.rounds";

    /** What sends to each follower, newest first: a new leadership, or a restart after an error, makes new ones. */
    private final Map<RaftPeerId, LogAppender> appenders = new ConcurrentHashMap<>();

    private final Set<Round> open = ConcurrentHashMap.newKeySet();

    static HeartbeatRounds in(Parameters parameters) {
        return Objects.requireNonNull(
                parameters.get(KEY, HeartbeatRounds.class), "given by whoever chose how voters reach each other");
    }

    void into(Parameters parameters) {
        parameters.put(KEY, this, HeartbeatRounds.class);
    }

    /** What Ratis sends to that follower with, made with a leader state in which answers are overheard. */
    LogAppender overhear(LeaderState leader, FollowerInfo follower, Function<LeaderState, LogAppender> make) {
        LogAppender appender = make.apply(new OverheardLeaderState(leader, this::hear));
        appenders.put(follower.getId(), appender);
        return appender;
    }

    /**
     * Completes when so many followers have answered in this term to a question sent after this call, else never: the caller gives up by
     * cancelling it.
     */
    CompletableFuture<Void> ask(long term, int needed) {
        if (needed == 0) {
            return CompletableFuture.completedFuture(null);
        }
        Round round = new Round(term, needed);
        for (LogAppender appender : appenders.values()) {
            round.oldest.put(appender, appender.getCallId());
        }
        open.add(round);
        CompletableFuture<Void> unused = round.answered.whenComplete((nothing, failure) -> open.remove(round));
        round.oldest.keySet().forEach(LogAppender::triggerHeartbeat);
        return round.answered;
    }

    /** Of the leader's followers: whether it has answered anything lately. */
    boolean hasHeard(RaftPeerId follower, Duration lately) {
        LogAppender appender = appenders.get(follower);
        return appender != null
                && appender.getFollower().getLastRpcResponseTime().elapsedTimeMs() <= lately.toMillis();
    }

    /** On a thread of Ratis's, for every answer of every follower. */
    private void hear(LogAppender appender, AppendEntriesReplyProto reply) {
        believe(appender.getFollower(), reply);
        for (Round round : open) {
            round.hear(appender, reply);
        }
    }

    /**
     * A follower that says its log is shorter than what it once acknowledged has lost its folder. Ratis would go on offering it the end of
     * the log for as long as this leader leads; told the truth it sends the log from there, or a snapshot. What is already agreed stays so.
     */
    private static void believe(FollowerInfo follower, AppendEntriesReplyProto reply) {
        boolean isShorter =
                reply.getResult() == AppendResult.INCONSISTENCY && reply.getNextIndex() <= follower.getMatchIndex();
        if (isShorter) {
            follower.setSnapshotIndex(reply.getNextIndex() - 1);
        }
    }

    private static final class Round {
        private final long term;
        private final int needed;
        private final CompletableFuture<Void> answered = new CompletableFuture<>();

        /** The first call of each appender that was made after the question; not changed once the round is open. */
        private final IdentityHashMap<LogAppender, Long> oldest = new IdentityHashMap<>();

        /** Guarded by itself. */
        private final Set<RaftPeerId> followers = new HashSet<>();

        Round(long term, int needed) {
            this.term = term;
            this.needed = needed;
        }

        void hear(LogAppender appender, AppendEntriesReplyProto reply) {
            Long first = oldest.get(appender);
            if (first == null || reply.getTerm() != term || reply.getResult() != AppendResult.SUCCESS) {
                return;
            }
            long call = reply.getServerReply().getCallId();
            if (appender.getCallIdComparator().compare(call, first) < 0) {
                // It was on its way already. Ratis forgets a trigger that comes while a heartbeat is being sent: again.
                appender.triggerHeartbeat();
                return;
            }
            synchronized (followers) {
                followers.add(appender.getFollowerId());
                if (followers.size() < needed) {
                    return;
                }
            }
            answered.complete(null);
        }
    }
}
