package com.foobar.quorum;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that is agreed on, and the rule by which it changes. Pure: every voter replays the same writes with the same terms and comes to the
 * same answers, whatever it believes about leaders at that moment.
 */
record Records(Map<String, Kept> kept) {

    static final Records NONE = new Records(Map.of());

    /** The log is cut into small segments and the whole state travels in one snapshot: this is for a topology, not for data. */
    static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_RECORDS = 64;

    record Kept(long version, String content) {
        static final Kept NEVER = new Kept(0, "");
    }

    /** A write as it was asked for. */
    record Write(String record, long expectedVersion, String content, long term) {
        Write {
            if (content.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
                throw new IllegalArgumentException("record " + record + " is larger than " + MOST_BYTES
                        + " bytes: keep bulky data elsewhere and a reference to it here");
            }
        }
    }

    record Change(Records after, Written answer) {}

    Records {
        kept = Map.copyOf(kept);
    }

    Kept get(String record) {
        return kept.getOrDefault(record, Kept.NEVER);
    }

    /**
     * The term is judged before the version: whoever was deposed must learn that, and not that it lost a race it no longer runs in.
     *
     * @param leaderTerm under which the write came into the order of all writes, not the term of whoever replays it
     */
    Change apply(Write write, long leaderTerm) {
        Kept present = get(write.record());
        if (write.term() != leaderTerm) {
            return new Change(this, new Written.Deposed(leaderTerm));
        }
        if (write.expectedVersion() != present.version()) {
            return new Change(this, new Written.Conflict(present.version()));
        }
        Map<String, Kept> next = new TreeMap<>(kept);
        next.put(write.record(), new Kept(present.version() + 1, write.content()));
        if (next.size() > MOST_RECORDS) {
            return new Change(this, new Written.Unknown("there are " + MOST_RECORDS + " records already"));
        }
        return new Change(new Records(next), new Written.Done(present.version() + 1));
    }
}
