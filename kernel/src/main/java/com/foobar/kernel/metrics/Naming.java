package com.foobar.kernel.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules a metric's name obeys, so that a stranger can guess it and {@code promtool} has nothing to say. A name is written
 * in the code exactly as it is exposed: then a search for what a dashboard shows finds the line that counts it.
 */
final class Naming {

    /** What a metric is, and the series it shows: two metrics must not share one. */
    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        INFO;

        Set<String> seriesOf(String name) {
            return switch (this) {
                case GAUGE -> Set.of(name);
                case HISTOGRAM -> Set.of(name, name + "_bucket", name + "_count", name + "_sum");
                // The client and OpenMetrics know these two by the name without its end.
                case COUNTER, INFO -> Set.of(name, name.replaceFirst("(_total|_info)$", ""));
            };
        }
    }

    private static final Pattern NAME = Pattern.compile("foobar(_[a-z][a-z0-9]*)+");
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    private static final Set<String> FOREIGN_UNITS = Set.of(
            "ms",
            "us",
            "ns",
            "millis",
            "milliseconds",
            "micros",
            "microseconds",
            "nanos",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
            "kb",
            "mb",
            "gb",
            "kilobytes",
            "megabytes",
            "gigabytes",
            "kib",
            "mib",
            "gib",
            "bits",
            "percent",
            "percentage",
            "secs",
            "sec");
    private static final Set<String> TYPE_WORDS = Set.of("counter", "gauge", "histogram", "summary");
    private static final Set<String> RESERVED_ENDS = Set.of("total", "info", "bucket", "count", "sum", "created");

    /** The first two belong to histograms and summaries, the others to the server that scrapes us. */
    private static final Set<String> FORBIDDEN_LABELS = Set.of("le", "quantile", "job", "instance");

    private Naming() {}

    /** Everything that is wrong; empty when nothing is. */
    static List<String> complaints(Kind kind, String name, String help, List<String> labels) {
        List<String> complaints = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            complaints.add("is not lower snake case behind the prefix 'foobar_'");
        }
        wordComplaints(kind, List.of(name.split("_", -1)), complaints);
        if (!help.matches("(?s)\\p{Lu}.*\\.")) {
            complaints.add("has a help text that is no sentence with a full stop: '" + help + "'");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                complaints.add("has a label that is not lower snake case: '" + label + "'");
            }
            if (FORBIDDEN_LABELS.contains(label)) {
                complaints.add("has the label '" + label + "', which is Prometheus's own");
            }
        }
        if (new HashSet<>(labels).size() != labels.size()) {
            complaints.add("has a label twice");
        }
        return complaints;
    }

    private static void wordComplaints(Kind kind, List<String> words, List<String> complaints) {
        for (String word : words) {
            if (FOREIGN_UNITS.contains(word)) {
                complaints.add("has the unit '" + word + "': use seconds, bytes or ratio");
            }
            if (TYPE_WORDS.contains(word)) {
                complaints.add("names its type: drop '" + word + "'");
            }
        }
        String end = words.get(words.size() - 1);
        String wanted = endOf(kind);
        if (!wanted.isEmpty() && !Arrays.asList(wanted.split(" ")).contains(end)) {
            complaints.add("must end in _" + wanted.replace(" ", " or _"));
        }
        if (wanted.isEmpty() && RESERVED_ENDS.contains(end)) {
            complaints.add("must not end in _" + end);
        }
    }

    private static String endOf(Kind kind) {
        return switch (kind) {
            case COUNTER -> "total";
            case INFO -> "info";
            case HISTOGRAM -> "seconds bytes ratio";
            case GAUGE -> "";
        };
    }
}
