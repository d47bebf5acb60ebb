package com.foobar.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.Jdk;
import com.foobar.testkit.Jdks;
import com.foobar.testkit.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three JVMs, on the oldest and the newest JDK here. */
class PausedLeaderIT {

    private static final int ROUNDS = 2;

    /** Three cold JVMs on a busy machine miss many an election before one passes. */
    private static final Duration COLD = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Children children = new Children();
    private final Map<String, HostPort> addresses = Voters.freshAddresses(List.of("a", "b", "c"));
    private final Map<String, Child> voters = new TreeMap<>();

    static Stream<Jdk> jdks() {
        return Stream.of(Jdks.running(), Jdks.newest()).distinct();
    }

    @AfterEach
    void close() {
        // Who started when, and why something was not confirmed.
        voters.forEach((name, child) -> child.lines().stream()
                .filter(line -> !line.startsWith("CONFIRMED"))
                .limit(20)
                .forEach(line -> System.out.println(name + ": " + line)));
        children.close();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void neverConfirmsOnceANewerTermMayConfirm(Jdk jdk) {
        addresses.keySet().forEach(name -> start(jdk, name));
        Confirmation leads = awaitTermAfter(0);
        for (int round = 0; round < ROUNDS; round++) {
            long paused = System.nanoTime();
            voters.get(leads.voter()).signal(Signal.STOP);
            Confirmation next = awaitTermAfter(leads.term());
            voters.get(leads.voter()).signal(Signal.CONT);
            say(leads, "paused", paused, next);
            leads = next;
        }
        long killed = System.nanoTime();
        voters.get(leads.voter()).kill();
        say(leads, "killed", killed, awaitTermAfter(leads.term()));
        assertNoTwoLeases(confirmations());
    }

    private static void say(Confirmation before, String what, long nanos, Confirmation next) {
        System.out.printf(
                "%s %s: %s confirms after %d ms%n",
                before.voter(), what, next.voter(), (next.answered() - nanos) / 1_000_000);
    }

    /** The promise of {@link Timing#lease()}, for every two confirmations of different terms. */
    private static void assertNoTwoLeases(List<Confirmation> all) {
        long lease = Timing.DEFAULT.lease().toNanos();
        Map<Long, Long> lastAsked = new TreeMap<>();
        Map<Long, Long> firstAnswered = new TreeMap<>();
        for (Confirmation one : all) {
            lastAsked.merge(one.term(), one.asked(), Math::max);
            firstAnswered.merge(one.term(), one.answered(), Math::min);
        }
        assertThat(lastAsked).hasSizeGreaterThan(ROUNDS);
        lastAsked.forEach((old, asked) -> firstAnswered.forEach((newer, answered) -> {
            if (newer > old) {
                assertThat(asked + lease)
                        .as("the lease of term %s ended before term %s confirmed", old, newer)
                        .isLessThan(answered);
            }
        }));
    }

    private void start(Jdk jdk, String name) {
        List<String> words = new ArrayList<>(Children.java(jdk));
        words.addAll(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        if (jdk.version().feature() >= 24) {
            words.add("--enable-native-access=ALL-UNNAMED");
        }
        words.addAll(
                List.of(VoterProcess.class.getName(), name, folder.resolve(name).toString()));
        addresses.forEach((voter, address) -> words.add(voter + "=" + address));
        voters.put(name, children.start(name, words));
    }

    /** By the term and not by the time: who was stopped may print what was confirmed before only when it runs again. */
    private Confirmation awaitTermAfter(long term) {
        return Await.until(
                        "a voter confirms in a term after " + term,
                        COLD,
                        () -> confirmations().stream().max(Comparator.comparingLong(Confirmation::term)),
                        newest -> newest.isPresent() && newest.get().term() > term)
                .orElseThrow();
    }

    private record Confirmation(String voter, long term, long asked, long answered) {}

    private List<Confirmation> confirmations() {
        List<Confirmation> all = new ArrayList<>();
        voters.forEach((name, child) -> child.lines().stream()
                .filter(line -> line.startsWith("CONFIRMED"))
                .map(line -> line.split(" "))
                .forEach(word -> all.add(new Confirmation(
                        name, Long.parseLong(word[1]), Long.parseLong(word[2]), Long.parseLong(word[3])))));
        return all;
    }
}
