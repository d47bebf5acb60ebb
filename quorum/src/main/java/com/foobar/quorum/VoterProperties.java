package com.foobar.quorum;

import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told. Its defaults are made for gigabytes of log. */
final class VoterProperties {

    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("1MB");

    /** Of one batch on its way to the disk or to a follower; above the largest record. */
    private static final SizeInBytes BATCH = SizeInBytes.valueOf("512KB");

    /** Ratis wants room for a batch and its framing. */
    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("640KB");

    private static final long ENTRIES_PER_SNAPSHOT = 1_000;

    private VoterProperties() {}

    static RaftProperties of(VoterSettings settings) {
        RaftProperties properties = new RaftProperties();
        if (settings.neighbours().isPresent()) {
            RaftConfigKeys.Rpc.setType(properties, new NeighbourCalls());
        } else {
            grpc(properties, settings.address());
        }
        RaftServerConfigKeys.setStorageDir(properties, List.of(settings.folder().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, settings.folder().resolve("removed").toFile());
        times(properties, settings.timing());
        log(properties);
        threads(properties);
        return properties;
    }

    private static void grpc(RaftProperties properties, HostPort address) {
        RaftConfigKeys.Rpc.setType(properties, new OverheardGrpc());
        GrpcConfigKeys.Server.setHost(properties, address.host());
        GrpcConfigKeys.Server.setPort(properties, address.port());
        GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, 4);
        GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
        GrpcConfigKeys.Server.setWorkerGroupSize(properties, 2);
        GrpcConfigKeys.Client.setWorkerGroupSize(properties, 1);
    }

    private static void times(RaftProperties properties, Timing timing) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, duration(timing.electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, duration(timing.electionMax()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, duration(timing.firstElection()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, duration(timing.firstElection().multipliedBy(2)));
        RaftServerConfigKeys.Rpc.setRequestTimeout(
                properties, duration(timing.electionMax().multipliedBy(2)));
        // Also the pause after which the JVM pause monitor makes a leader give up; with 0 leaders flap for ever.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, duration(timing.electionMin()));
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, duration(timing.electionMin()));
        // Every write has a name of its own, so that nobody asks for an old answer again.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, duration(timing.writePatience()));
        RaftServerConfigKeys.Read.ReadAfterWriteConsistent.setWriteIndexCacheExpiryTime(
                properties, duration(Duration.ofSeconds(60)));
    }

    private static void log(RaftProperties properties) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SEGMENT);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, BATCH);
        // Five seconds between two attempts otherwise, heartbeats too: a voter that is back would stay unheard for so
        // long.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "10ms,10, 100ms,10, 250ms,1000000");
        // Else every commit is followed by an entry that says so, and by its flush.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, ENTRIES_PER_SNAPSHOT);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        RaftServerConfigKeys.Write.setElementLimit(properties, 1_024);
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("8MB"));
    }

    /** Fixed pools of Ratis start all their threads; cached ones only what a few small writes need. */
    private static void threads(RaftProperties properties) {
        RaftServerConfigKeys.ThreadPool.setProxySize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setServerSize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 4);
    }

    private static TimeDuration duration(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
