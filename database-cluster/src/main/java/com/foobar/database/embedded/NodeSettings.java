package com.foobar.database.embedded;

import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Optional;

/**
 * How one node is run.
 *
 * @param serverId the number its writes carry; unique in the cluster, and never given to another node later
 * @param at where it listens, which is also where the others find it
 * @param degradeAfter when a primary confirms writes that no replica has acknowledged; nothing means never
 * @param bufferPool its memory for data
 * @param redoLog the size of its redo log
 * @param connections the most at a time
 * @param tls nothing means that nobody can connect encrypted
 */
public record NodeSettings(
        long serverId,
        HostPort at,
        Durability durability,
        Optional<Duration> degradeAfter,
        ByteSize bufferPool,
        ByteSize redoLog,
        int connections,
        Optional<NodeTls> tls) {

    private static final ByteSize SMALL = ByteSize.parse("16MiB");

    public NodeSettings {
        if (serverId < 1 || serverId > 4_294_967_295L) {
            throw new IllegalArgumentException("a server number from 1 to 4294967295");
        }
    }

    /** Small and strict: nothing is confirmed without an acknowledgement. */
    public static NodeSettings small(long serverId, HostPort at, Durability durability) {
        return new NodeSettings(serverId, at, durability, Optional.empty(), SMALL, SMALL, 120, Optional.empty());
    }
}
