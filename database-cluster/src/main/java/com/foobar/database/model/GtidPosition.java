package com.foobar.database.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * MariaDB's position, {@code 0-1-100,0-2-150}: for each domain and server the highest sequence number held, which stands for all
 * up to it. The full {@code gtid_binlog_state} must be given, not {@code gtid_slave_pos}: the latter names only the last server
 * of a domain and would look like a hole where an earlier primary wrote.
 *
 * <p>Blind spot: writes of a server in an earlier reign, lost to the others, hide behind its later reign's higher number. The
 * server itself sees it (error 1236 at connect), which the diagnosis of a broken receiver covers.
 */
public final class GtidPosition implements Position {
    public static final GtidPosition EMPTY = new GtidPosition(new TreeMap<>());

    private static final String EXPECTED = "domain-server-sequence[,…] such as 0-1-100,0-2-150";

    /** A stream of sequence numbers: they only grow within it. */
    private record Origin(long domain, long server) implements Comparable<Origin> {
        @Override
        public int compareTo(Origin other) {
            int byDomain = Long.compare(domain, other.domain);
            return byDomain != 0 ? byDomain : Long.compare(server, other.server);
        }
    }

    private final SortedMap<Origin, Long> tops; // never changed after construction

    private GtidPosition(SortedMap<Origin, Long> tops) {
        this.tops = tops;
    }

    public static GtidPosition parse(String text) {
        TreeMap<Origin, Long> tops = new TreeMap<>();
        if (!text.isBlank()) {
            for (String part : List.of(text.trim().split(",", -1))) {
                List<Long> numbers = numbers(part.trim(), text);
                tops.merge(new Origin(numbers.get(0), numbers.get(1)), numbers.get(2), GtidPosition::higher);
            }
        }
        return new GtidPosition(tops);
    }

    private static List<Long> numbers(String part, String whole) {
        List<Long> numbers = new ArrayList<>();
        try {
            for (String number : List.of(part.split("-", -1))) {
                numbers.add(Long.parseUnsignedLong(number));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + whole + "\" is not " + EXPECTED, e);
        }
        if (numbers.size() != 3) {
            throw new IllegalArgumentException("\"" + whole + "\" is not " + EXPECTED);
        }
        return numbers;
    }

    /** This and one more transaction. */
    public GtidPosition with(long domain, long server, long sequence) {
        TreeMap<Origin, Long> more = new TreeMap<>(tops);
        more.merge(new Origin(domain, server), sequence, GtidPosition::higher);
        return new GtidPosition(more);
    }

    @Override
    public Relation to(Position other) {
        SortedMap<Origin, Long> theirs = same(other).tops;
        boolean weHold = lacks(theirs, tops);
        boolean theyHold = lacks(tops, theirs);
        if (weHold) {
            return theyHold ? Relation.DIVERGED : Relation.AHEAD;
        }
        return theyHold ? Relation.BEHIND : Relation.EQUAL;
    }

    @Override
    public GtidPosition join(Position other) {
        TreeMap<Origin, Long> both = new TreeMap<>(tops);
        same(other).tops.forEach((origin, top) -> both.merge(origin, top, GtidPosition::higher));
        return new GtidPosition(both);
    }

    @Override
    public GtidPosition meet(Position other) {
        TreeMap<Origin, Long> both = new TreeMap<>();
        SortedMap<Origin, Long> theirs = same(other).tops;
        tops.forEach((origin, top) -> {
            Long their = theirs.get(origin);
            if (their != null) {
                both.put(origin, Long.compareUnsigned(top, their) <= 0 ? top : their);
            }
        });
        return new GtidPosition(both);
    }

    private static boolean lacks(SortedMap<Origin, Long> one, SortedMap<Origin, Long> other) {
        for (Map.Entry<Origin, Long> entry : other.entrySet()) {
            Long top = one.get(entry.getKey());
            if (top == null || Long.compareUnsigned(top, entry.getValue()) < 0) {
                return true;
            }
        }
        return false;
    }

    private static Long higher(Long one, Long other) {
        return Long.compareUnsigned(one, other) >= 0 ? one : other;
    }

    private static GtidPosition same(Position other) {
        if (other instanceof GtidPosition gtid) {
            return gtid;
        }
        throw new IllegalArgumentException("a MariaDB position cannot be compared with "
                + other.getClass().getSimpleName() + ": one cluster has one dialect");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GtidPosition gtid && tops.equals(gtid.tops);
    }

    @Override
    public int hashCode() {
        return tops.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        tops.forEach((origin, top) -> text.append(text.length() == 0 ? "" : ",")
                .append(origin.domain)
                .append('-')
                .append(origin.server)
                .append('-')
                .append(Long.toUnsignedString(top)));
        return text.length() == 0 ? "(empty)" : text.toString();
    }
}
