package com.foobar.appserver.data;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import java.time.Duration;

/** The {@code data} section of {@code appserver}. */
public record DataSettings(
        @Doc(
                        "Connections to the primary for writing, from each application server. One application holds three quarters of them at once at most.")
                @Default("16")
                @Range(min = 1, max = 10_000, of = "a number of connections")
                int writers,
        @Doc(
                        "Connections for reading, to each node that is read from and from each application server. One application holds three quarters of them at once at most.")
                @Default("16")
                @Range(min = 1, max = 10_000, of = "a number of connections")
                int readers,
        @Doc("How long a database server has to accept a connection and to greet.") @Default("1s")
                Duration connectTimeout,
        @Doc(
                        "How long a statement may stay without an answer; then its connection is closed. Longer statements need more.")
                @Default("60s")
                Duration socketTimeout,
        @Doc(
                        "How long a caller waits for a connection, for a primary while there is none, and while a switchover is under way.")
                @Default("2s")
                Duration patience,
        @Doc("How long one node is given to hand out a connection before another is asked.") @Default("500ms")
                Duration nodeWait,
        @Doc("How far a replica may be behind and still be read from.") @Default("10s") Duration lagLimit,
        @Doc("How long a read waits for a replica to have the client's own last write; then the primary is asked.")
                @Default("50ms")
                Duration causalWait,
        @Doc("How long a replica that failed is not asked.") @Default("5s") Duration setAside,
        @Doc("Statements that take longer are logged, with the request's id.") @Default("500ms") Duration slowQuery,
        @Doc("A connection that is held for longer is logged with the place that took it; 0s for never.")
                @Default("30s")
                Duration leakAfter,
        @Doc(
                        "Whether connections that an application has left open are closed when its request ends. Not for applications"
                                + " that keep a pool of their own on top of this one.")
                @Default("true")
                boolean closeLeaks,
        @Doc(
                        "Which statements carry the request's id as an SQL comment: none, plain, or all. With all, prepared statements"
                                + " are not cached.")
                @Default("plain")
                RequestComment requestComment)
        implements Checked {

    /** Hikari's own floor; below it would raise the number without a word. */
    private static final Duration SHORTEST_NODE_WAIT = Duration.ofMillis(250);

    private static final Duration SHORTEST_LEAK = Duration.ofSeconds(2);

    @Override
    public void check(Problems problems) {
        positive(problems, "connectTimeout", connectTimeout);
        positive(problems, "socketTimeout", socketTimeout);
        positive(problems, "patience", patience);
        if (nodeWait.compareTo(SHORTEST_NODE_WAIT) < 0) {
            problems.error("nodeWait", nodeWait.toMillis() + "ms", "250ms or more");
        }
        if (!leakAfter.isZero() && leakAfter.compareTo(SHORTEST_LEAK) < 0) {
            problems.error("leakAfter", leakAfter.toMillis() + "ms", "0s for never, or 2s or more");
        }
    }

    private static void positive(Problems problems, String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            problems.error(
                    key, value.toString(), "more than nothing: a server that hangs would hold a thread for ever");
        }
    }
}
