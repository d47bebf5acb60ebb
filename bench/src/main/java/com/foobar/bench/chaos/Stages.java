package com.foobar.bench.chaos;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the coordinators said of a failover in their logs, in the order in which they said it. */
final class Stages {
    /** No stage, but what a strict cluster's writers wait for last: somebody acknowledges again. */
    private static final String HEALTHY = "HEALTHY";

    /** The stages as the table names them. */
    static final Map<String, String> NAMES = names();

    private final List<Event> events;

    /**
     * A line that says something about a failover.
     *
     * @param stage empty for a written record
     * @param epoch 0 for a stage
     */
    record Event(Instant at, String stage, long epoch, String primary) {}

    private Stages(List<Event> events) {
        this.events = events;
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("CLAIM", "claim");
        names.put("FENCE", "fence");
        names.put("STOP_RECEIVERS", "stop");
        names.put("SNAPSHOT", "look anew");
        names.put("DRAIN", "drain");
        names.put("CONFIRM_LEASE", "lease");
        names.put("CROWN", "crown");
        names.put("PROMOTE", "promote");
        names.put("PUBLISH", "publish");
        names.put("REPOINT", "repoint");
        return names;
    }

    /** Of the lines of all coordinators; what is no such event is passed over. */
    static Stages of(List<String> lines) {
        List<Event> events = new ArrayList<>();
        for (String line : lines) {
            if (line.contains("\"fields\"")) {
                event(line).ifPresent(events::add);
            }
        }
        events.sort(Comparator.comparing(Event::at));
        return new Stages(events);
    }

    private static Optional<Event> event(String line) {
        try {
            if (Json.parse(line) instanceof Map<?, ?> all
                    && all.get("fields") instanceof Map<?, ?> fields
                    && all.get("ts") instanceof String at) {
                if (fields.get("stage") instanceof String stage) {
                    return Optional.of(new Event(Instant.parse(at), stage, 0, ""));
                }
                if (HEALTHY.equals(fields.get("diagnosis"))) {
                    return Optional.of(new Event(Instant.parse(at), HEALTHY, 0, ""));
                }
                if (fields.get("epoch") instanceof Number epoch && fields.get("primary") instanceof String primary) {
                    return Optional.of(new Event(Instant.parse(at), "", epoch.longValue(), primary));
                }
            }
        } catch (JsonSyntaxException e) {
            // Half a line: its writer was killed in the middle of it.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Who was written into the record as primary, by epoch: that one alone may have reigned in it. */
    List<String> reigns() {
        return reigns(Instant.MAX);
    }

    /** How many of them had begun by then. */
    int reignsBefore(Instant moment) {
        return reigns(moment).size();
    }

    private List<String> reigns(Instant until) {
        Map<Long, String> reigns = new TreeMap<>();
        events.stream()
                .filter(event -> event.stage().isEmpty() && event.at().isBefore(until))
                // A claim raises the epoch while the old primary is still named; the crown comes later and counts.
                .forEach(event -> reigns.put(event.epoch(), event.primary()));
        List<String> order = new ArrayList<>();
        for (String primary : reigns.values()) {
            if (order.isEmpty() || !order.get(order.size() - 1).equals(primary)) {
                order.add(primary);
            }
        }
        return order;
    }

    /** The last stage that was reached between these moments, empty when no failover had begun. */
    String reached(Instant from, Instant until) {
        return between(from, until)
                .map(Event::stage)
                .filter(stage -> !stage.equals(HEALTHY))
                .reduce("", (before, after) -> after);
    }

    /**
     * How long each part took, from the fault to the first acknowledgement after it; nothing when no failover was seen whole.
     *
     * @param again the first acknowledgement after the gap
     */
    Map<String, Duration> parts(Instant fault, Instant again) {
        Map<String, Duration> parts = new LinkedHashMap<>();
        Instant since = fault;
        String part = "detect";
        for (Event event : between(fault, again.plusSeconds(1)).toList()) {
            boolean begins = event.stage().equals("CLAIM");
            if (begins != part.equals("detect")) {
                if (begins) {
                    // A second failover in one gap: whose time is whose cannot be said.
                    return Map.of();
                }
                continue;
            }
            // The first acknowledgement may come before the coordinator's next look sees that it can.
            Instant until = event.at().isAfter(again) ? again : event.at();
            parts.merge(part, length(since, until), Duration::plus);
            since = until;
            if (event.stage().equals(HEALTHY)) {
                parts.put("swap", length(since, again));
                return parts;
            }
            part = NAMES.getOrDefault(event.stage(), event.stage());
        }
        return Map.of();
    }

    private static Duration length(Instant from, Instant until) {
        Duration length = Duration.between(from, until);
        return length.isNegative() ? Duration.ZERO : length;
    }

    private Stream<Event> between(Instant from, Instant until) {
        return events.stream()
                .filter(event -> !event.stage().isEmpty())
                .filter(event ->
                        !event.at().isBefore(from.minusMillis(1)) && event.at().isBefore(until));
    }
}
