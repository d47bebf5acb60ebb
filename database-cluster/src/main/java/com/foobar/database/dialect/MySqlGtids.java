package com.foobar.database.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** MySQL's GTID sets, {@code uuid:1-5:7,uuid:tag:1}: for each source (and tag, from 8.3 on) the intervals of its transactions. */
final class MySqlGtids {

    private static final String EXPECTED = "a MySQL GTID set such as 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

    private record Interval(long first, long last) {}

    /** Intervals ascending, apart from each other by at least one number. */
    private final TreeMap<String, List<Interval>> sources = new TreeMap<>();

    static MySqlGtids parse(String text) {
        MySqlGtids parsed = new MySqlGtids();
        // SHOW REPLICA STATUS breaks its sets into lines.
        for (String part : text.replaceAll("\\s", "").split(",", -1)) {
            if (!part.isEmpty()) {
                parsed.read(part.toLowerCase(Locale.ROOT).split(":", -1));
            }
        }
        return parsed;
    }

    private void read(String[] parts) {
        if (!parts[0].matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") || parts.length < 2) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String source = parts[0];
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].matches("[a-z_][a-z0-9_]{0,31}")) {
                source = parts[0] + ":" + parts[i];
            } else {
                add(source, interval(parts[i]));
            }
        }
    }

    private static Interval interval(String text) {
        if (!text.matches("[0-9]{1,18}(-[0-9]{1,18})?")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String[] ends = text.split("-", -1);
        long first = Long.parseLong(ends[0]);
        long last = Long.parseLong(ends[ends.length - 1]);
        if (first < 1 || last < first) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new Interval(first, last);
    }

    private void add(String source, Interval added) {
        List<Interval> merged = new ArrayList<>();
        long first = added.first();
        long last = added.last();
        for (Interval old : sources.getOrDefault(source, List.of())) {
            if (old.last() + 1 < first || last + 1 < old.first()) {
                merged.add(old);
            } else {
                first = Math.min(first, old.first());
                last = Math.max(last, old.last());
            }
        }
        merged.add(new Interval(first, last));
        merged.sort((one, other) -> Long.compare(one.first(), other.first()));
        sources.put(source, merged);
    }

    MySqlGtids union(MySqlGtids other) {
        MySqlGtids both = new MySqlGtids();
        sources.forEach((source, intervals) -> intervals.forEach(interval -> both.add(source, interval)));
        other.sources.forEach((source, intervals) -> intervals.forEach(interval -> both.add(source, interval)));
        return both;
    }

    MySqlGtids minus(MySqlGtids other) {
        MySqlGtids rest = new MySqlGtids();
        sources.forEach((source, intervals) -> {
            List<Interval> removed = other.sources.getOrDefault(source, List.of());
            intervals.forEach(interval -> subtract(interval, removed).forEach(left -> rest.add(source, left)));
        });
        return rest;
    }

    private static List<Interval> subtract(Interval from, List<Interval> removed) {
        List<Interval> left = new ArrayList<>();
        long first = from.first();
        for (Interval gap : removed) {
            if (gap.last() < first || gap.first() > from.last()) {
                continue;
            }
            if (gap.first() > first) {
                left.add(new Interval(first, gap.first() - 1));
            }
            first = gap.last() + 1;
        }
        if (first <= from.last()) {
            left.add(new Interval(first, from.last()));
        }
        return left;
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    Standing compare(MySqlGtids other) {
        boolean more = !minus(other).isEmpty();
        boolean less = !other.minus(this).isEmpty();
        if (more && less) {
            return Standing.DIVERGED;
        }
        return more ? Standing.AHEAD : less ? Standing.BEHIND : Standing.SAME;
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(",");
        for (Map.Entry<String, List<Interval>> source : sources.entrySet()) {
            StringJoiner intervals = new StringJoiner(":", source.getKey() + ":", "");
            for (Interval interval : source.getValue()) {
                intervals.add(
                        interval.first() == interval.last()
                                ? Long.toString(interval.first())
                                : interval.first() + "-" + interval.last());
            }
            text.add(intervals.toString());
        }
        return text.toString();
    }
}
