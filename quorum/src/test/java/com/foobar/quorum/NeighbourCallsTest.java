package com.foobar.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.foobar.testkit.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a voter gets of a neighbour that does not behave. */
@Timeout(30)
class NeighbourCallsTest {
    private final RaftProperties properties = new RaftProperties();
    private final AtomicReference<CompletableFuture<AppendEntriesReplyProto>> answer = new AtomicReference<>();
    private final Neighbours neighbours = new Neighbours();
    private final RaftServer caller = voter("a");
    private final RaftServer called = voter("b");
    private RaftServerRpc door;

    @BeforeEach
    void open() throws Exception {
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, TimeDuration.valueOf(20, TimeUnit.SECONDS));
        Parameters parameters = new Parameters();
        neighbours.into(parameters);
        new HeartbeatRounds().into(parameters);
        door = ServerFactory.cast(new NeighbourCalls().newFactory(parameters)).newRaftServerRpc(caller);
        door.start();
        neighbours.add(called);
    }

    @Test
    void itsAnswerIsPassedOn() throws Exception {
        answer.set(CompletableFuture.completedFuture(
                AppendEntriesReplyProto.newBuilder().setTerm(7).build()));

        assertThat(door.appendEntries(toB()).getTerm()).isEqualTo(7);
    }

    @Test
    void oneThatNeverAnswersIsWaitedForUntilTheCallerCloses() throws Exception {
        answer.set(new CompletableFuture<>());
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread sending = new Thread(() -> failure.complete(catchThrowable(() -> door.appendEntries(toB()))));
        sending.start();
        Await.until(
                "it waits", Duration.ofSeconds(10), sending::getState, state -> state == Thread.State.TIMED_WAITING);

        sending.interrupt();

        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void oneThatNeverAnswersIsGivenUpInTheEnd() {
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, TimeDuration.valueOf(50, TimeUnit.MILLISECONDS));
        answer.set(new CompletableFuture<>());

        assertThatThrownBy(() -> door.appendEntries(toB()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("voter b has not answered within 50ms");
    }

    @Test
    void itsFaultIsNotTheCallers() {
        answer.set(CompletableFuture.failedFuture(new IllegalStateException("broken")));
        assertThatThrownBy(() -> door.appendEntries(toB()))
                .isInstanceOf(IOException.class)
                .hasMessage("voter b failed")
                .hasRootCauseMessage("broken");

        answer.set(null);
        assertThatThrownBy(() -> door.appendEntries(toB()))
                .isInstanceOf(IOException.class)
                .hasMessage("voter b failed");
    }

    @Test
    void oneThatIsClosedIsNotThere() throws Exception {
        neighbours.remove(called);
        assertThatThrownBy(() -> door.appendEntries(toB()))
                .isInstanceOf(IOException.class)
                .hasMessage("voter b is not open");

        door.close();
        assertThatThrownBy(() -> neighbours.find(RaftPeerId.valueOf("a"))).hasMessage("voter a is not open");
    }

    private static AppendEntriesRequestProto toB() {
        return AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder().setReplyId(ByteString.copyFromUtf8("b")))
                .build();
    }

    /** Of a server no more than what is asked of it here. */
    private RaftServer voter(String name) {
        return (RaftServer) Proxy.newProxyInstance(
                RaftServer.class.getClassLoader(),
                new Class<?>[] {RaftServer.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getId" -> RaftPeerId.valueOf(name);
                    case "getProperties" -> properties;
                    case "appendEntriesAsync" -> answer.get();
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }
}
