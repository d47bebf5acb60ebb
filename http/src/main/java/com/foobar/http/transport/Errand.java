package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.Load;
import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/** One attempt as its owner describes it; asked and told on the exchange's I/O thread only. */
public interface Errand {
    /** Where to. */
    Address address();

    /** Where connections are counted. */
    Load load();

    Patience patience();

    /** When the whole request must be over, in {@link com.foobar.kernel.time.Time#nanos}. */
    long deadlineNanos();

    /** Whether a connection that has carried requests before must not be used. */
    boolean freshOnly();

    /** What the connection begins with, and then it carries this request only; null for none. */
    default byte @Nullable [] preamble() {
        return null;
    }

    /** The response's head is in the exchange and nothing of it has left: the last chance to change it. */
    void answered(HttpServerExchange exchange);

    /** The attempt is over; called once, as the transport's last act on this exchange. */
    void ended(Outcome outcome);
}
