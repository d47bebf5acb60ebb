package com.foobar.quorum;

import java.util.Objects;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Ratis's gRPC with {@link HeartbeatRounds} listening. Ratis makes it from the name of the class. */
public final class OverheardGrpc implements RpcType {

    private static final String ROUNDS = "foobar.heartbeat.rounds";

    static void listen(Parameters parameters, HeartbeatRounds rounds) {
        parameters.put(ROUNDS, rounds, HeartbeatRounds.class);
    }

    /** What {@code RpcType.valueOf} makes one of. */
    @Override
    public String name() {
        return OverheardGrpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        HeartbeatRounds rounds = Objects.requireNonNull(
                parameters.get(ROUNDS, HeartbeatRounds.class), "given by whoever chose this type");
        return new Factory(parameters, rounds);
    }

    private static final class Factory extends GrpcFactory {
        private final HeartbeatRounds rounds;

        Factory(Parameters parameters, HeartbeatRounds rounds) {
            super(parameters);
            this.rounds = rounds;
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
            return rounds.appender(division, leader, follower);
        }
    }
}
