package com.foobar.quorum;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Ratis's gRPC with {@link HeartbeatRounds} listening. Ratis makes it from the name of the class. */
public final class OverheardGrpc implements RpcType {

    /** What {@code RpcType.valueOf} makes one of. */
    @Override
    public String name() {
        return OverheardGrpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters, HeartbeatRounds.in(parameters));
    }

    private static final class Factory extends GrpcFactory {
        private final HeartbeatRounds rounds;

        Factory(Parameters parameters, HeartbeatRounds rounds) {
            super(parameters);
            this.rounds = rounds;
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
            return rounds.overhear(leader, follower, overheard -> new GrpcLogAppender(division, overheard, follower));
        }
    }
}
