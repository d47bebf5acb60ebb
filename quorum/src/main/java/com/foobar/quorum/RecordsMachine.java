package com.foobar.quorum;

import com.foobar.quorum.Records.Change;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Replays the agreed writes on this voter. Ratis calls what changes state from one thread of its own; {@link #records} is read by others,
 * who look at the applied index first: it moves after the records it stands for.
 */
final class RecordsMachine extends BaseStateMachine {

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private volatile Runnable onLeaderChange = () -> {};
    private volatile Records records = Records.NONE;

    /** Runs on threads of Ratis, some of which hold its locks: a task must neither wait nor ask Ratis for a change. */
    void onLeaderChange(Runnable task) {
        onLeaderChange = task;
    }

    Records records() {
        return records;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle().startAndTransition(() -> {
            storage.init(raftStorage);
            load();
        });
    }

    /** A snapshot of the leader's is about to replace the local one. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        load();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    @Override
    public SimpleStateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry(), "an agreed write is in the log");
        byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
        try {
            Change change = records.apply(RecordsFormat.write(bytes), entry.getTerm());
            records = change.after();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(
                    Message.valueOf(ByteString.copyFrom(RecordsFormat.bytes(change.answer()))));
        } catch (IOException newer) {
            // To skip it would make this voter differ from the others for ever: it stops instead, and says why.
            throw new IllegalStateException("entry " + entry.getIndex() + " of the quorum's log cannot be read", newer);
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex at = getLastAppliedTermIndex();
        Path file = storage.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
        Path unfinished = file.resolveSibling("unfinished." + file.getFileName());
        // Under its real name only when whole and on the disk: a half one would be read at the next start.
        Files.write(unfinished, RecordsFormat.bytes(records));
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), at));
        return at.getIndex();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        onLeaderChange.run();
    }

    @Override
    public void notifyLeaderReady() {
        onLeaderChange.run();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        onLeaderChange.run();
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
        if (latest == null) {
            return;
        }
        Path file = latest.getFile().getPath();
        MD5Hash digest = latest.getFile().getFileDigest();
        if (digest != null) {
            MD5FileUtil.verifySavedMD5(file.toFile(), digest);
        }
        records = RecordsFormat.records(Files.readAllBytes(file));
        setLastAppliedTermIndex(latest.getTermIndex());
    }
}
