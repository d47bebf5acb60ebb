package com.foobar.database.coordinator;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.PublishedTopology.Replica;
import com.foobar.database.model.Term;
import com.foobar.kernel.metrics.Registration;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the newest document and those who wait for a newer one. It speaks only while its coordinator holds a fresh lease: a document is
 * never older than that when it is served, so a reader may count its validity from before its question.
 *
 * <p>A document's version is the coordinator's term and a counter within it: whoever leads later publishes higher numbers without having
 * seen the earlier ones. A changed lag alone makes no new version, else every look would wake every reader; the figure is renewed where it
 * stands.
 */
public final class Bulletin {
    /** A thousand million documents in one term: at one a second thirty years, and exact in every JSON reader for nine million terms. */
    private static final long TERM = 1_000_000_000L;

    /** More readers than any fleet has: the next is answered at once instead of waiting. */
    private static final int MOST_WAITING = 1_000;

    private final String cluster;
    private final Map<NodeName, HostPort> addresses;
    private final BooleanSupplier speaks;
    private final Executor teller;
    private final Time time;
    private final List<Consumer<String>> subscribers = new CopyOnWriteArrayList<>();

    // Guarded by this object's lock.
    private final Set<Reader> waiting = new HashSet<>();
    private @Nullable PublishedTopology content;
    private @Nullable PublishedTopology newest;
    private String text = "";
    private Term term = Term.NONE;
    private long count;
    private Optional<String> leader = Optional.empty();

    private record Reader(long epoch, long version, CompletableFuture<String> answer) {}

    Bulletin(CoordinatorPlan plan, BooleanSupplier speaks, Executor teller, Time time) {
        this.cluster = plan.cluster();
        this.addresses = plan.addresses();
        this.speaks = speaks;
        this.teller = teller;
        this.time = time;
    }

    void publish(PublishedTopology topology, Term by) {
        List<Reader> served;
        String document;
        synchronized (this) {
            boolean same =
                    by.equals(term) && content != null && withoutLag(topology).equals(content);
            if (!by.equals(term)) {
                term = by;
                count = 0;
            }
            if (!same) {
                count++;
            }
            content = withoutLag(topology);
            newest = new PublishedTopology(
                    topology.epoch(),
                    term.number() * TERM + count,
                    topology.primary(),
                    topology.replicas(),
                    topology.parked(),
                    topology.validity());
            text = TopologyJson.write(cluster, addresses, newest);
            if (same) {
                return;
            }
            document = text;
            served = take();
        }
        served.forEach(reader -> tell(() -> reader.answer().complete(document)));
        subscribers.forEach(subscriber -> tell(() -> subscriber.accept(document)));
    }

    /** Its coordinator leads no more: who waits is sent elsewhere, before its wait is over. */
    void silence(Optional<String> whoLeads) {
        List<Reader> sent;
        synchronized (this) {
            leader = whoLeads;
            sent = take();
        }
        sent.forEach(reader -> tell(() -> reader.answer().completeExceptionally(unknown())));
    }

    private List<Reader> take() {
        List<Reader> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    private void tell(Runnable task) {
        teller.execute(task);
    }

    private synchronized NobodyKnows unknown() {
        return new NobodyKnows(
                "this coordinator does not lead"
                        + leader.map(who -> ", " + who + " does").orElse(""),
                leader);
    }

    /** The document as it is now, when this coordinator may speak. */
    public synchronized Optional<String> newest() {
        return newest == null || !speaks.getAsBoolean() ? Optional.empty() : Optional.of(text);
    }

    /**
     * Answers as soon as there is a document newer than the one named; after the wait with what there is, which renews its validity.
     * Fails with {@link NobodyKnows} as soon as this coordinator does not lead.
     */
    public CompletableFuture<String> newerThan(long epoch, long version, Duration wait) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Reader reader = new Reader(epoch, version, answer);
        synchronized (this) {
            if (newest == null || !speaks.getAsBoolean()) {
                return CompletableFuture.failedFuture(unknown());
            }
            boolean newer =
                    newest.epoch().number() > epoch || (newest.epoch().number() == epoch && newest.version() > version);
            if (newer || wait.isZero() || waiting.size() >= MOST_WAITING) {
                return CompletableFuture.completedFuture(text);
            }
            waiting.add(reader);
        }
        Time.Timeout timeout = time.after(wait, () -> tell(() -> waitedEnough(reader)));
        CompletableFuture<String> unused = answer.whenComplete((document, failure) -> {
            timeout.cancel();
            synchronized (this) {
                waiting.remove(reader);
            }
        });
        return answer;
    }

    private void waitedEnough(Reader reader) {
        Optional<String> now = newest();
        boolean unused = now.isPresent()
                ? reader.answer().complete(now.get())
                : reader.answer().completeExceptionally(unknown());
    }

    /** Called with each new document, on a thread that must not be held up; and with the present one at once. */
    public Registration subscribe(Consumer<String> subscriber) {
        subscribers.add(subscriber);
        newest().ifPresent(document -> tell(() -> subscriber.accept(document)));
        return () -> subscribers.remove(subscriber);
    }

    private static PublishedTopology withoutLag(PublishedTopology topology) {
        return new PublishedTopology(
                topology.epoch(),
                0,
                topology.primary(),
                topology.replicas().stream()
                        .map(replica -> new Replica(replica.name(), null, replica.serves()))
                        .toList(),
                topology.parked(),
                topology.validity());
    }
}
