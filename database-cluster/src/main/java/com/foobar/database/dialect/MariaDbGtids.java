package com.foobar.database.dialect;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Function;

/** MariaDB's GTIDs, {@code domain-server-sequence}: a position has the last of each domain, a binary log's state of each pair. */
final class MariaDbGtids {

    record Gtid(long domain, long server, long sequence) implements Comparable<Gtid> {
        @Override
        public int compareTo(Gtid other) {
            return Comparator.comparingLong(Gtid::domain)
                    .thenComparingLong(Gtid::server)
                    .thenComparingLong(Gtid::sequence)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return domain + "-" + server + "-" + sequence;
        }
    }

    private record Writer(long domain, long server) {}

    private final TreeSet<Gtid> gtids = new TreeSet<>();

    static MariaDbGtids parse(String text) {
        MariaDbGtids parsed = new MariaDbGtids();
        for (String part : text.strip().split(",", -1)) {
            String gtid = part.strip();
            if (gtid.isEmpty()) {
                continue;
            }
            if (!gtid.matches("[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,18}")) {
                throw new IllegalArgumentException("a MariaDB GTID such as 0-1-22");
            }
            String[] numbers = gtid.split("-", -1);
            parsed.gtids.add(
                    new Gtid(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
        }
        return parsed;
    }

    Standing compare(MariaDbGtids other) {
        Map<Long, Gtid> mine = last(Gtid::domain);
        Map<Long, Gtid> theirs = other.last(Gtid::domain);
        boolean ahead = false;
        boolean behind = false;
        for (Map.Entry<Long, Gtid> domain : union(other).last(Gtid::domain).entrySet()) {
            Gtid own = mine.get(domain.getKey());
            Gtid foreign = theirs.get(domain.getKey());
            if (own != null && foreign != null && own.sequence() == foreign.sequence()) {
                if (own.server() != foreign.server()) {
                    // Two servers wrote at the same place: one history was forked.
                    return Standing.DIVERGED;
                }
                continue;
            }
            boolean further = foreign == null || (own != null && own.sequence() > foreign.sequence());
            ahead |= further;
            behind |= !further;
        }
        if (ahead && behind) {
            return Standing.DIVERGED;
        }
        return ahead ? Standing.AHEAD : behind ? Standing.BEHIND : Standing.SAME;
    }

    MariaDbGtids union(MariaDbGtids other) {
        MariaDbGtids both = new MariaDbGtids();
        both.gtids.addAll(gtids);
        both.gtids.addAll(other.gtids);
        return both;
    }

    /** The last of each domain, as a position is written. */
    MariaDbGtids furthest() {
        MariaDbGtids furthest = new MariaDbGtids();
        furthest.gtids.addAll(last(Gtid::domain).values());
        return furthest;
    }

    /**
     * Those of which the reference cannot show that it has them: it knows no write, or only earlier ones, of the same server in
     * the same domain. A server number's sequence only ever grows along one history, which is what the test leans on.
     */
    MariaDbGtids missingFrom(MariaDbGtids reference) {
        Map<Writer, Gtid> known = reference.last(gtid -> new Writer(gtid.domain(), gtid.server()));
        MariaDbGtids missing = new MariaDbGtids();
        for (Gtid gtid : gtids) {
            Gtid last = known.get(new Writer(gtid.domain(), gtid.server()));
            if (last == null || last.sequence() < gtid.sequence()) {
                missing.gtids.add(gtid);
            }
        }
        return missing;
    }

    /** Only those of a server and domain that the other has something of. */
    MariaDbGtids knownTo(MariaDbGtids other) {
        Map<Writer, Gtid> theirs = other.last(gtid -> new Writer(gtid.domain(), gtid.server()));
        MariaDbGtids known = new MariaDbGtids();
        gtids.stream()
                .filter(gtid -> theirs.containsKey(new Writer(gtid.domain(), gtid.server())))
                .forEach(known.gtids::add);
        return known;
    }

    private <K> Map<K, Gtid> last(Function<Gtid, K> key) {
        Map<K, Gtid> last = new HashMap<>();
        for (Gtid gtid : gtids) {
            last.merge(key.apply(gtid), gtid, (one, other) -> one.sequence() >= other.sequence() ? one : other);
        }
        return last;
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(",");
        gtids.forEach(gtid -> text.add(gtid.toString()));
        return text.toString();
    }
}
