package com.foobar.bench.chaos;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.time.SystemTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One round: wait until the cluster is whole, strike, wait until it is whole again, look what is there. */
final class Bout implements Fault.Scene {
    private static final Duration WHOLE = Duration.ofSeconds(60);
    private static final Duration CONVERGED = Duration.ofSeconds(20);
    private static final int WRITES_AFTER = 100;

    private final Subject subject;
    private final Fault fault;
    private final int number;
    private final long seed;
    private final Random random;
    private final Books writers;
    private final List<Books> samplers = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private String primary = "";
    private String leader = "";
    private long begun;
    private Instant begunAt = Instant.EPOCH;
    private long struck;
    private Instant struckAt = Instant.EPOCH;
    private @Nullable Instant secondAt;

    Bout(Subject subject, Fault fault, int number, long seed) {
        this.subject = subject;
        this.fault = fault;
        this.number = number;
        this.seed = seed;
        this.random = new Random(seed);
        this.writers = new Books(subject.station().books("writers"));
        subject.station()
                .nodes()
                .keySet()
                .forEach(node -> samplers.add(new Books(subject.station().books("sampler-" + node))));
    }

    Round fight() throws IOException {
        Optional<Duration> ready = awaitWhole();
        if (ready.isEmpty()) {
            violations.add("NOT WHOLE before the fault: " + subject.ask("primary"));
            return round("nothing was done", "", Duration.ZERO, Duration.ZERO, Map.of(), 0, 0);
        }
        begun = System.nanoTime();
        begunAt = wallOf(begun);
        look();
        int unknownBefore = writers.unknown();
        long failedBefore = writers.failed();
        Pace.wait(Duration.ofMillis(500 + random.nextInt(500)));
        String note = fault.strike(this);
        Optional<Duration> whole = awaitWhole();
        if (whole.isEmpty()) {
            violations.add("NOT WHOLE within " + WHOLE.toSeconds() + " s: " + reason() + ", " + finding());
        }
        String after = whole.isEmpty() ? "" : primary(subject.ask("primary"));
        awaitWrites();
        look();
        Verdict.Gap gap = Verdict.gap(writers.since(begun), struck);
        Stages stages = Stages.of(subject.log());
        if (secondAt != null) {
            String reached = stages.reached(struckAt, secondAt);
            note += reached.isEmpty() ? ", before the failover began" : ", in stage " + reached;
        }
        judge(after, stages);
        return round(
                note,
                after,
                gap.length(),
                whole.orElse(WHOLE),
                stages.parts(struckAt, wallOf(gap.to())),
                writers.unknown() - unknownBefore,
                writers.failed() - failedBefore);
    }

    /** After a failure that is none of the rest: the clusters of these rounds are looked at in the same way whatever has happened. */
    private void judge(String after, Stages stages) throws IOException {
        List<Ack> canaries = canaries(begun);
        List<String> reigns = new ArrayList<>(stages.reigns());
        // Reigns that ended before this round say nothing of it.
        List<String> ofRound = reigns.subList(Math.max(0, stages.reignsBefore(begunAt) - 1), reigns.size());
        Verdict.outOfTurn(canaries, ofRound).stream()
                .limit(3)
                .forEach(one -> violations.add("ACKNOWLEDGED OUT OF TURN: " + one));
        if (after.isEmpty()) {
            return;
        }
        String paused = subject.ask("pause");
        look();
        long until = System.nanoTime();
        checkEqual(after);
        checkKept(Station.LEDGER, writers.acks(), after);
        checkKept(
                Station.CANARY,
                canaries(Long.MIN_VALUE).stream()
                        .filter(ack -> ack.end() - until < 0)
                        .toList(),
                after);
        String resumed = subject.ask("resume");
        if (!paused.equals("paused") || !resumed.equals("resumed")) {
            throw new IOException("the writers said " + paused + " and " + resumed);
        }
    }

    private void checkKept(String table, List<Ack> acks, String node) throws IOException {
        String unused = subject.ask("ids " + node + " " + table + " " + table + ".ids");
        Set<Long> there = new HashSet<>();
        Path ids = subject.station().folder().resolve(table + ".ids");
        try (var lines = Files.lines(ids)) {
            lines.map(Long::valueOf).forEach(there::add);
        }
        List<Long> lost = Verdict.lost(acks, there);
        if (!lost.isEmpty()) {
            violations.add("LOST: " + lost.size() + " of " + acks.size() + " acknowledged writes are not in " + table
                    + " of " + node + ", the first are "
                    + lost.subList(0, Math.min(5, lost.size())));
        }
    }

    private void checkEqual(String after) throws IOException {
        long began = System.nanoTime();
        Map<String, String> sums = new TreeMap<>();
        do {
            for (String node : subject.station().nodes().keySet()) {
                sums.put(node, checksum(node));
            }
            if (new HashSet<>(sums.values()).size() == 1 && !sums.containsValue("")) {
                return;
            }
            Pace.wait(Duration.ofMillis(50));
        } while (Campaign.since(began).compareTo(CONVERGED) < 0);
        violations.add(
                "NOT EQUAL " + CONVERGED.toSeconds() + " s after the last write, " + after + " is primary: " + sums);
    }

    private String checksum(String node) {
        try {
            return subject.ask("checksum " + node);
        } catch (IOException e) {
            return "";
        }
    }

    private Optional<Duration> awaitWhole() throws IOException {
        long began = System.nanoTime();
        while (Campaign.since(began).compareTo(WHOLE) < 0) {
            String here = primary(reason());
            if (!here.isEmpty() && isHealthy(here)) {
                primary = primary.isEmpty() ? here : primary;
                return Optional.of(Campaign.since(began));
            }
            Pace.wait(Duration.ofMillis(50));
        }
        return Optional.empty();
    }

    private String reason() {
        try {
            return subject.ask("primary");
        } catch (IOException e) {
            return "-" + e.getMessage();
        }
    }

    private static String primary(String answer) {
        return answer.startsWith("-") ? "" : answer;
    }

    /** The coordinator that leads must think so, too: a node that it does not yet count on cannot save the next round. */
    private boolean isHealthy(String here) {
        for (String machine : subject.machines()) {
            Map<?, ?> known = known(machine);
            if (Boolean.TRUE.equals(known.get("leads"))
                    && known.get("record") instanceof Map<?, ?> record
                    && record.get("ackers") instanceof List<?> ackers) {
                leader = machine;
                return "HEALTHY".equals(known.get("diagnosis"))
                        && here.equals(record.get("primary"))
                        && ackers.size() == subject.station().nodes().size() - 1;
            }
        }
        return false;
    }

    /** What the program of that machine says of the database, nothing when it does not answer. */
    private Map<?, ?> known(String machine) {
        try {
            String said = subject.ask("topology " + subject.machines().indexOf(machine));
            return Json.parse(said) instanceof Map<?, ?> all && all.get("database") instanceof Map<?, ?> known
                    ? known
                    : Map.of();
        } catch (IOException | JsonSyntaxException e) {
            return Map.of();
        }
    }

    private String finding() {
        StringBuilder text = new StringBuilder();
        for (String machine : subject.machines()) {
            Map<?, ?> known = known(machine);
            text.append(machine)
                    .append(" says ")
                    .append(known.get("diagnosis"))
                    .append(" (")
                    .append(known.get("evidence"))
                    .append("), ")
                    .append(known.get("activity"))
                    .append(", refusal ")
                    .append(known.get("refusal"))
                    .append("; ");
        }
        return text.toString();
    }

    /** A cluster that is whole takes writes; one that does not is found out by the gap. */
    private void awaitWrites() throws IOException {
        look();
        int before = writers.acks().size();
        long began = System.nanoTime();
        while (writers.acks().size() < before + WRITES_AFTER) {
            if (Campaign.since(began).compareTo(Duration.ofSeconds(10)) > 0) {
                violations.add("NO WRITES for 10 s although the cluster is whole");
                return;
            }
            Pace.wait(Duration.ofMillis(20));
            look();
        }
    }

    private void look() throws IOException {
        writers.look();
        for (Books sampler : samplers) {
            sampler.look();
        }
    }

    private List<Ack> canaries(long since) {
        List<Ack> canaries = new ArrayList<>();
        samplers.forEach(sampler -> canaries.addAll(since == Long.MIN_VALUE ? sampler.acks() : sampler.since(since)));
        return canaries;
    }

    private Round round(
            String note,
            String after,
            Duration gap,
            Duration whole,
            Map<String, Duration> parts,
            int unknown,
            long failed) {
        List<Ack> canaries = canaries(begun);
        return new Round(
                fault,
                number,
                seed,
                primary,
                note,
                after,
                gap,
                whole,
                parts,
                writers.since(begun).size(),
                canaries.size(),
                unknown,
                failed,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Verdict.overlaps(canaries),
                List.copyOf(violations));
    }

    /** Logs have the wall clock's time, books the monotonic clock's. */
    private static Instant wallOf(long nanos) {
        try (SystemTime time = new SystemTime("chaos")) {
            return time.instant().plusNanos(nanos - time.nanos());
        }
    }

    @Override
    public void struck() {
        struck = System.nanoTime();
        struckAt = wallOf(struck);
    }

    @Override
    public void second() {
        secondAt = wallOf(System.nanoTime());
    }

    @Override
    public Subject subject() {
        return subject;
    }

    @Override
    public String primary() {
        return primary;
    }

    @Override
    public String leader() {
        return leader;
    }

    @Override
    public Random random() {
        return random;
    }
}
