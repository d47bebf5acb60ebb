package com.foobar.quorum;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Several voters in this JVM. */
final class Voters implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String RECORD = "cluster";

    /** Held, or java.util.logging forgets the level. */
    private static final java.util.logging.Logger GRPC =
            java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty");

    private final SystemTime time = new SystemTime("voters");
    private final Path folder;
    private final Optional<Neighbours> neighbours;
    private final Map<String, RatisQuorum> running = new TreeMap<>();
    private Map<String, HostPort> addresses;

    static {
        quiet();
    }

    /** As the launcher will: Ratis warns of every message that a voter which was stopped does not get. */
    static void quiet() {
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
        GRPC.setLevel(java.util.logging.Level.WARNING);
    }

    Voters(Path folder, String... names) {
        this(folder, Optional.empty(), names);
    }

    Voters(Path folder, Optional<Neighbours> neighbours, String... names) {
        this.folder = folder;
        this.neighbours = neighbours;
        this.addresses = freshAddresses(List.of(names));
    }

    static Map<String, HostPort> freshAddresses(List<String> names) {
        Map<String, HostPort> addresses = new TreeMap<>();
        for (String name : names) {
            addresses.put(name, new HostPort("127.0.0.1", FreePorts.one()));
        }
        return addresses;
    }

    VoterSettings settings(String name) {
        VoterSettings settings = VoterSettings.of("orders", name, addresses, folder(name));
        return neighbours.map(settings::among).orElse(settings);
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    void moveToOtherPorts() {
        addresses = freshAddresses(List.copyOf(addresses.keySet()));
    }

    SystemTime time() {
        return time;
    }

    Voters startAll() throws Exception {
        for (String name : addresses.keySet()) {
            RatisQuorum unused = start(name);
        }
        return this;
    }

    RatisQuorum start(String name) throws Exception {
        return start(settings(name));
    }

    RatisQuorum start(VoterSettings settings) throws Exception {
        RatisQuorum voter = RatisQuorum.start(settings, time);
        running.put(settings.name(), voter);
        return voter;
    }

    RatisQuorum get(String name) {
        return Objects.requireNonNull(running.get(name), name + " does not run");
    }

    void stop(String name) {
        get(name).close();
        running.remove(name);
    }

    void stopAll() {
        for (String name : List.copyOf(running.keySet())) {
            stop(name);
        }
    }

    /** The name of the one that confirms. */
    String awaitLeader() {
        return Await.until("one voter confirms", PATIENCE, this::confirming, Objects::nonNull);
    }

    /** Writes a kilobyte again and again, until the record has at least this version; returns which it has. */
    long fill(long versions) throws Exception {
        String content = "x".repeat(1_000);
        while (true) {
            // A stall of this machine may have cost the leader its term in between.
            Quorum leader = get(awaitLeader());
            Confirmed from = Await.until("it confirms", PATIENCE, () -> confirmedOrNull(leader), Objects::nonNull);
            if (from.version() >= versions) {
                return from.version();
            }
            List<CompletableFuture<Written>> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                batch.add(leader.write(RECORD, from.version() + i, content, from.term()));
            }
            Void unused = CompletableFuture.allOf(batch.toArray(CompletableFuture[]::new))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Nullable
    String confirming() {
        return running.keySet().stream()
                .filter(name -> get(name).standing().leads() && confirms(get(name)))
                .findFirst()
                .orElse(null);
    }

    static boolean confirms(Quorum voter) {
        return confirmedOrNull(voter) != null;
    }

    private static @Nullable Confirmed confirmedOrNull(Quorum voter) {
        try {
            return confirm(voter);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotLeading) {
                return null;
            }
            throw new AssertionError(e);
        }
    }

    static Confirmed confirm(Quorum voter) throws ExecutionException {
        try {
            return voter.confirm(RECORD).get(5, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("a confirmation is never later than its patience", e);
        }
    }

    static Written write(Quorum voter, long version, String content, long term) throws Exception {
        return voter.write(RECORD, version, content, term).get(10, TimeUnit.SECONDS);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        stopAll();
        time.close();
    }
}
