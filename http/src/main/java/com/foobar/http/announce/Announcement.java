package com.foobar.http.announce;

import com.foobar.http.pool.Operator;
import com.foobar.kernel.json.JsonWriter;
import java.util.Locale;

/**
 * A node's own word about itself. It is whole: what was announced before is void, and a balancer that restarts forgets it.
 *
 * @param wish what the node wants to be sent
 * @param percent the share of its configured weight it can carry
 */
public record Announcement(Operator wish, int percent) {

    public Announcement {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("a share of " + percent + " % is not within 0..100");
        }
    }

    /** Only requests bound by stickiness from now on: to be said before the port closes. */
    public static Announcement drain() {
        return new Announcement(Operator.DRAIN, 100);
    }

    /** Everything again. */
    public static Announcement ready() {
        return new Announcement(Operator.READY, 100);
    }

    /** Less than the configured weight. */
    public static Announcement share(int percent) {
        return new Announcement(Operator.READY, percent);
    }

    String json() {
        return new JsonWriter()
                .beginObject()
                .field("from", "node")
                .field("state", wish.name().toLowerCase(Locale.ROOT))
                .field("weight", percent)
                .end()
                .toString();
    }
}
