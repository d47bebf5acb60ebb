package com.foobar.database.remote;

import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The coordinators, one of which leads: all are asked at once, and the first that has something to say is believed. */
public final class RemoteLease implements LeaseDesk, AutoCloseable {

    private final Optional<LeaseDesk> here;
    private final List<Line> lines;
    private final Duration limit;

    /**
     * To be closed after use.
     *
     * @param here the coordinator in this process, if there is one
     * @param doors of the coordinators elsewhere
     * @param limit how long an answer may take; a part of the lease
     */
    public RemoteLease(Optional<LeaseDesk> here, List<HostPort> doors, Access access, Duration limit, Time time) {
        this.here = here;
        this.limit = limit;
        this.lines = doors.stream()
                .map(door -> new Line(door, access, time, said -> {}))
                .toList();
    }

    @Override
    public CompletableFuture<LeaseAnswer> renew(NodeName node, @Nullable Epoch reign) {
        CompletableFuture<LeaseAnswer> first = new CompletableFuture<>();
        List<CompletableFuture<LeaseAnswer>> answers = Stream.concat(
                        here.stream().map(desk -> desk.renew(node, reign)),
                        lines.stream().map(line -> ask(line, node, reign)))
                .toList();
        if (answers.isEmpty()) {
            return CompletableFuture.completedFuture(new LeaseAnswer.Unanswered("there is no coordinator to ask"));
        }
        AtomicInteger missing = new AtomicInteger(answers.size());
        for (CompletableFuture<LeaseAnswer> answer : answers) {
            CompletableFuture<LeaseAnswer> unused = answer.whenComplete((said, failed) -> {
                boolean last = missing.decrementAndGet() == 0;
                boolean leads = failed == null && !(said instanceof LeaseAnswer.Unanswered);
                if (leads) {
                    boolean unusedFirst = first.complete(said);
                } else if (last) {
                    boolean unusedFirst = first.complete(new LeaseAnswer.Unanswered(
                            failed == null && said instanceof LeaseAnswer.Unanswered silent
                                    ? silent.why()
                                    : "no coordinator that leads was reached"));
                }
            });
        }
        return first;
    }

    private CompletableFuture<LeaseAnswer> ask(Line line, NodeName node, @Nullable Epoch reign) {
        Map<String, Object> question = Wording.object("ask", "renew", "node", node.text());
        if (reign != null) {
            question.put("reign", reign.number());
        }
        return line.ask(question, limit)
                .thenApply(said -> {
                    try {
                        return Wording.lease(said.object("answer"));
                    } catch (Rubbish e) {
                        throw new IllegalStateException(e);
                    }
                })
                .exceptionally(failed -> new LeaseAnswer.Unanswered(line.at() + ": " + failed));
    }

    @Override
    public void close() {
        lines.forEach(Line::close);
    }
}
