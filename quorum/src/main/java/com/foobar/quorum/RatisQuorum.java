package com.foobar.quorum;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A voter on Apache Ratis. {@link #confirm} asks a majority each time, over the network, and touches no disk; {@link #write} is on the disks of
 * a majority when it answers. What depends on their answers runs on threads of the quorum, of which there are enough for a slow one.
 */
public final class RatisQuorum implements Quorum {

    private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);

    /** How late {@link #onStanding} is when Ratis tells nothing, and how often a waiting confirmation looks again. */
    private static final Duration GLANCE = Duration.ofMillis(20);

    private static final Duration MOMENT = Duration.ofMillis(2);

    static final Duration CLOSING_PATIENCE = Duration.ofSeconds(5);

    private final VoterSettings settings;
    private final Time time;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final RecordsMachine machine;
    private final HeartbeatRounds rounds;
    private final Leadership leadership;
    private final Redialling redialling;
    private final ClientId self = ClientId.randomId();
    private final List<Runnable> onStanding = new CopyOnWriteArrayList<>();
    private final AtomicReference<Standing> told;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService teller;
    private final ExecutorService answers;
    private final Time.Timeout glance;

    RatisQuorum(VoterSettings settings, Time time, VoterStart start) {
        this.settings = settings;
        this.time = time;
        this.server = start.server();
        this.division = start.division();
        this.machine = start.machine();
        this.rounds = start.rounds();
        this.leadership = new Leadership(division, time, settings.timing().grace());
        this.teller = Executors.newSingleThreadExecutor(Threads.named(settings.name(), "quorum-standing"));
        this.answers = Executors.newCachedThreadPool(Threads.named(settings.name(), "quorum-answer"));
        this.redialling = new Redialling(server, settings, rounds, time, this::hand);
        this.told = new AtomicReference<>(standing());
        machine.onLeaderChange(this::glance);
        this.glance = time.every(GLANCE, this::glance);
    }

    /** Starts the voter; who leads is agreed on afterwards. */
    public static RatisQuorum start(VoterSettings settings, Time time) throws StartFailure {
        return new RatisQuorum(settings, time, VoterStart.of(settings));
    }

    /** {@code leads} means that {@link #confirm} can be expected to succeed: elected, ready, and no older lease to wait for. */
    @Override
    public Standing standing() {
        return standing(leadership.look());
    }

    private static Standing standing(Leadership.View view) {
        return new Standing(view.leads(), view.term(), view.leader());
    }

    /** What this voter has taken over so far: perhaps old, and no proof of anything. */
    Records known() {
        return machine.records();
    }

    @Override
    public void onStanding(Runnable task) {
        onStanding.add(task);
    }

    @Override
    public CompletableFuture<Confirmed> confirm(String record) {
        CompletableFuture<Confirmed> answer = new CompletableFuture<>();
        Duration patience = settings.timing().patience();
        long began = time.nanos();
        Time.Timeout timeout = time.after(
                patience,
                () -> fail(
                        answer,
                        "no majority of voters answered within " + patience.toMillis() + " ms, or it is not yet"
                                + " leader: " + leadership.look().why()));
        CompletableFuture<Confirmed> unused = answer.whenComplete((confirmed, failure) -> timeout.cancel());
        ask(record, began, answer);
        return answer;
    }

    private void ask(String record, long began, CompletableFuture<Confirmed> answer) {
        Leadership.View view = leadership.look();
        if (closed.get() || answer.isDone()) {
            fail(answer, "it is closed");
        } else if (view.leads()) {
            askMajority(record, began, view.term(), answer);
        } else if (view.elected()) {
            Time.Timeout unused = time.after(MOMENT, () -> ask(record, began, answer));
        } else {
            fail(answer, view.why());
        }
    }

    private void askMajority(String record, long began, long term, CompletableFuture<Confirmed> answer) {
        // Everything anybody was told to be written is at or below it, since this leader was ready when asked.
        long agreed = division.getRaftLog().getLastCommittedIndex();
        long asked = time.nanos();
        CompletableFuture<Void> round = rounds.ask(term, settings.othersNeeded());
        CompletableFuture<Confirmed> done = answer.whenComplete((confirmed, failure) -> round.cancel(false));
        CompletableFuture<Void> unused = round.thenRun(() -> read(record, began, asked, term, agreed, done, answer));
    }

    /** A majority has followed after {@code asked}; what was agreed by then may still wait to be applied here. */
    private void read(
            String record,
            long began,
            long asked,
            long term,
            long agreed,
            CompletableFuture<Confirmed> done,
            CompletableFuture<Confirmed> answer) {
        if (done.isDone()) {
            return;
        }
        if (machine.getLastAppliedTermIndex().getIndex() < agreed) {
            Time.Timeout unused = time.after(MOMENT, () -> read(record, began, asked, term, agreed, done, answer));
            return;
        }
        Records.Kept kept = machine.records().get(record);
        answers.execute(() -> finish(began, new Confirmed(term, asked, kept.version(), kept.content()), answer));
    }

    /** The last look, as late as possible: a process that was stopped for a while must not answer from before. */
    private void finish(long began, Confirmed confirmed, CompletableFuture<Confirmed> answer) {
        Leadership.View view = leadership.look();
        if (!view.leads() || view.term() != confirmed.term()) {
            fail(answer, view.why());
        } else if (time.nanos() - began > settings.timing().patience().toNanos()) {
            fail(answer, "the answer came too late");
        } else {
            answer.complete(confirmed);
        }
    }

    private void fail(CompletableFuture<Confirmed> answer, String why) {
        if (!answer.isDone()) {
            NotLeading refusal =
                    new NotLeading("quorum voter " + settings.name() + " does not lead: " + why, otherLeader());
            hand(() -> answer.completeExceptionally(refusal));
        }
    }

    private Optional<String> otherLeader() {
        return leadership.look().leader().filter(name -> !name.equals(settings.name()));
    }

    @Override
    public CompletableFuture<Written> write(String record, long expectedVersion, String content, long term) {
        Records.Write write = new Records.Write(record, expectedVersion, content, term);
        Standing before = standing();
        // Only before the write is in the log can be known for sure that it will never be.
        if (closed.get() || before.term() != term || !leadership.look().elected()) {
            return CompletableFuture.completedFuture(new Written.Deposed(before.term()));
        }
        CompletableFuture<Written> answer = new CompletableFuture<>();
        Duration patience = settings.timing().writePatience();
        Time.Timeout timeout = time.after(
                patience,
                () -> settle(answer, new Written.Unknown("no majority wrote within " + patience.toMillis() + " ms")));
        CompletableFuture<Written> unused = answer.whenComplete((written, failure) -> timeout.cancel());
        try {
            CompletableFuture<?> submitted = server.submitClientRequestAsync(request(write))
                    .whenComplete((reply, failure) -> settle(answer, answerOf(reply, failure)));
            CompletableFuture<Void> unusedToo = submitted.thenRun(() -> {});
        } catch (IOException | RuntimeException refused) {
            settle(answer, new Written.Unknown(String.valueOf(refused.getMessage())));
        }
        return answer;
    }

    private RaftClientRequest request(Records.Write write) {
        return RaftClientRequest.newBuilder()
                .setClientId(self)
                .setServerId(server.getId())
                .setGroupId(division.getMemberId().getGroupId())
                .setCallId(CallId.getAndIncrement())
                .setMessage(Message.valueOf(ByteString.copyFrom(RecordsFormat.bytes(write))))
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    private static Written answerOf(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply == null || !reply.isSuccess()) {
            Throwable why = reply == null ? failure : reply.getException();
            // Also when it says "not leader": the entry may be in the log, and the next leader may keep it.
            return new Written.Unknown(why == null ? "no reply" : String.valueOf(why.getMessage()));
        }
        try {
            return RecordsFormat.answer(reply.getMessage().getContent().toByteArray());
        } catch (IOException unreadable) {
            return new Written.Unknown(String.valueOf(unreadable.getMessage()));
        }
    }

    private void settle(CompletableFuture<Written> answer, Written written) {
        hand(() -> answer.complete(written));
    }

    /** Whoever waits is woken on a thread where it may take its time: not gRPC's, not the timer's. */
    private void hand(Runnable task) {
        if (answers.isShutdown()) {
            task.run();
        } else {
            answers.execute(task);
        }
    }

    private void glance() {
        Leadership.View view = leadership.look();
        redialling.look(view.elected(), view.leader().isPresent());
        Standing now = standing(view);
        Standing before = told.getAndSet(now);
        if (now.equals(before) || teller.isShutdown()) {
            return;
        }
        if (now.leads() != before.leads()) {
            LOG.info(
                    "quorum voter {} {} in term {}",
                    settings.name(),
                    now.leads() ? "leads" : "leads no more",
                    now.term());
        }
        onStanding.forEach(teller::execute);
    }

    @Override
    public void stepDown() {
        if (leadership.giveUp()) {
            glance();
            hand(this::transfer);
        }
    }

    private void transfer() {
        // Where nobody can take it, a plain election decides, in which this voter takes part again.
        if (!transferToAny(settings.timing().electionMin())
                && !transferTo(null, settings.timing().electionMin())) {
            leadership.resume();
        }
        glance();
    }

    private boolean transferToAny(Duration patience) {
        return settings.voters().keySet().stream()
                .filter(other -> !other.equals(settings.name()))
                .anyMatch(other -> transferTo(RaftPeerId.valueOf(other), patience));
    }

    private boolean transferTo(@Nullable RaftPeerId other, Duration patience) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                self,
                server.getId(),
                division.getMemberId().getGroupId(),
                CallId.getAndIncrement(),
                other,
                patience.toMillis());
        try {
            return server.transferLeadershipAsync(request)
                    .get(patience.toMillis() * 2, TimeUnit.MILLISECONDS)
                    .isSuccess();
        } catch (IOException | ExecutionException | TimeoutException refused) {
            LOG.debug("voter {} did not take the lease: {}", other, refused.toString());
            return !division.getInfo().isLeader();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Hands the lease on first where that is quick, so that the others need not miss this voter before they elect. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        glance.cancel();
        Duration parting = settings.timing().parting();
        if (settings.voters().size() > 1 && !parting.isZero() && leadership.giveUp()) {
            boolean unused = transferToAny(parting);
        }
        VoterStart.close(server, settings, CLOSING_PATIENCE);
        glance();
        teller.shutdown();
        answers.shutdown();
    }
}
