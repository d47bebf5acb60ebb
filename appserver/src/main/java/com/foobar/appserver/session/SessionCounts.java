package com.foobar.appserver.session;

import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.metrics.Registration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What happened to sessions on this application server. */
final class SessionCounts {

    final LongAdder loaded = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder leftOut = new LongAdder();
    final LongAdder away = new LongAdder();

    List<Registration> register(Metrics metrics) {
        return List.of(
                metrics.readCounters(
                        "foobar_appserver_sessions_total",
                        "Sessions by what happened: loaded, stored, refused for their size, away with the database.",
                        into -> {
                            into.add(loaded.doubleValue(), "loaded");
                            into.add(stored.doubleValue(), "stored");
                            into.add(refused.doubleValue(), "refused");
                            into.add(away.doubleValue(), "away");
                        },
                        "event"),
                metrics.readCounter(
                        "foobar_appserver_session_stored_bytes_total",
                        "Bytes of attributes written.",
                        bytes::doubleValue),
                metrics.readCounter(
                        "foobar_appserver_session_attributes_left_out_total",
                        "Attributes that could not be serialised.",
                        leftOut::doubleValue));
    }
}
