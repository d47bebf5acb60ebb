package com.foobar.quorum;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.util.TimeDuration;

/**
 * How {@link Neighbours} speak: each message is a call of the other's method, on the thread that sends. Of Ratis's start gRPC and its Netty are
 * a third. Ratis makes it from the name of the class.
 */
public final class NeighbourCalls implements RpcType {

    /** What {@code RpcType.valueOf} makes one of. */
    @Override
    public String name() {
        return NeighbourCalls.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(this, Neighbours.in(parameters), HeartbeatRounds.in(parameters));
    }

    private record Factory(RpcType getRpcType, Neighbours neighbours, HeartbeatRounds rounds) implements ServerFactory {

        @Override
        public LogAppender newLogAppender(RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
            return rounds.overhear(
                    leader, follower, overheard -> LogAppender.newLogAppenderDefault(division, overheard, follower));
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new Door(getRpcType, neighbours, server);
        }
    }

    /** Of one voter: found by the others from its start to its end, and the way to them. */
    private record Door(RpcType getRpcType, Neighbours neighbours, RaftServer self) implements RaftServerRpc {

        private interface Call<R> {
            R on(RaftServer other) throws IOException;
        }

        private <R> R call(RaftRpcRequestProto request, Call<R> call) throws IOException {
            RaftServer other = neighbours.find(RaftPeerId.valueOf(request.getReplyId()));
            try {
                return call.on(other);
            } catch (RuntimeException failed) {
                // The other's fault, as which it would come over a network; here it would be taken for the caller's
                // own.
                throw new IOException("voter " + other.getId() + " failed", failed);
            }
        }

        @Override
        public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
            return call(request.getServerRequest(), other -> other.requestVote(request));
        }

        @Override
        public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
            // The synchronous method of Ratis waits without an end for a voter that closes, and cannot be interrupted.
            return call(request.getServerRequest(), other -> answer(other, other.appendEntriesAsync(request)));
        }

        private <R> R answer(RaftServer other, CompletableFuture<R> coming) throws IOException {
            TimeDuration patience = RaftServerConfigKeys.Rpc.requestTimeout(self.getProperties());
            try {
                return coming.get(patience.getDuration(), patience.getUnit());
            } catch (InterruptedException closing) {
                throw new InterruptedIOException("interrupted while voter " + other.getId() + " was waited for");
            } catch (TimeoutException late) {
                throw new IOException("voter " + other.getId() + " has not answered within " + patience, late);
            } catch (ExecutionException failed) {
                throw new IOException("voter " + other.getId() + " failed", failed.getCause());
            }
        }

        @Override
        public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
            return call(request.getServerRequest(), other -> other.installSnapshot(request));
        }

        @Override
        public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
                throws IOException {
            return call(request.getServerRequest(), other -> other.startLeaderElection(request));
        }

        @Override
        public void start() {
            neighbours.add(self);
        }

        @Override
        public void close() {
            neighbours.remove(self);
        }

        @Override
        public InetSocketAddress getInetSocketAddress() {
            return InetSocketAddress.createUnresolved(self.getId().toString(), 0);
        }

        /** There is no connection that could be made anew. */
        @Override
        public void handleException(RaftPeerId voter, Exception failure, boolean reconnect) {}

        /** They are found when they are called. */
        @Override
        public void addRaftPeers(Collection<RaftPeer> voters) {}
    }
}
