package com.foobar.appserver.data;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A position in the cluster's history, as MariaDB spells it: {@code domain-server-sequence}, one for each domain. Whoever has applied
 * it has applied everything that came before. The server is kept, because a server wants it spelled, but does not count: within a
 * domain sequences grow across servers, also over a failover.
 */
public record CausalToken(SortedMap<Long, Gtid> byDomain) {

    public static final CausalToken NONE = new CausalToken(new TreeMap<>());

    private static final int MOST_DOMAINS = 16;
    private static final Pattern GTID = Pattern.compile("(\\d{1,10})-(\\d{1,10})-(\\d{1,19})");

    /** One transaction. */
    public record Gtid(long domain, long server, long sequence) {
        @Override
        public String toString() {
            return domain + "-" + server + "-" + sequence;
        }
    }

    public CausalToken {
        byDomain = Collections.unmodifiableSortedMap(new TreeMap<>(byDomain));
    }

    /**
     * Reads what a server or a cookie spells.
     *
     * @throws IllegalArgumentException when it is anything but a list of GTIDs; it goes into SQL
     */
    public static CausalToken parse(String text) {
        SortedMap<Long, Gtid> read = new TreeMap<>();
        if (!text.isBlank()) {
            for (String each : text.split(",", -1)) {
                Matcher gtid = GTID.matcher(each.strip());
                if (!gtid.matches() || read.size() == MOST_DOMAINS) {
                    throw new IllegalArgumentException("at most 16 GTIDs such as 0-1-42, with commas between");
                }
                long domain = Long.parseLong(gtid.group(1));
                Gtid one = new Gtid(domain, Long.parseLong(gtid.group(2)), Long.parseLong(gtid.group(3)));
                read.merge(domain, one, CausalToken::later);
            }
        }
        return new CausalToken(read);
    }

    public boolean isEmpty() {
        return byDomain.isEmpty();
    }

    /** The furthest of both in every domain. */
    public CausalToken and(CausalToken other) {
        if (other.isEmpty() || covers(other)) {
            return this;
        }
        SortedMap<Long, Gtid> both = new TreeMap<>(byDomain);
        other.byDomain.forEach((domain, gtid) -> both.merge(domain, gtid, CausalToken::later));
        return new CausalToken(both);
    }

    /** Whoever has applied this has applied the other. */
    public boolean covers(CausalToken other) {
        for (Map.Entry<Long, Gtid> wanted : other.byDomain.entrySet()) {
            Gtid mine = byDomain.get(wanted.getKey());
            if (mine == null || mine.sequence() < wanted.getValue().sequence()) {
                return false;
            }
        }
        return true;
    }

    private static Gtid later(Gtid one, Gtid other) {
        return one.sequence() >= other.sequence() ? one : other;
    }

    @Override
    public String toString() {
        return byDomain.values().stream().map(Gtid::toString).collect(Collectors.joining(","));
    }
}
