package com.foobar.appserver.session;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.value.ByteSize;
import java.time.Duration;

/** What the {@code appserver} section says about sessions. */
public record SessionSettings(
        @Doc("Where sessions are kept: cluster, in the database, or memory, which needs lb.sticky.") @Default("cluster")
                Store sessions,
        @Doc("How long a session lives that nobody uses, where the application says nothing else.") @Default("30m")
                Duration sessionIdle,
        @Doc("The largest session; a larger one is refused when the answer is about to leave.") @Default("1MiB")
                ByteSize sessionSize) {

    /** Where sessions are kept. */
    public enum Store {
        CLUSTER,
        MEMORY
    }
}
