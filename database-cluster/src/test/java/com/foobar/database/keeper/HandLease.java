package com.foobar.database.keeper;

import com.foobar.database.model.Epoch;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Term;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A coordinator's lease desk that answers what the test says. */
final class HandLease implements LeaseDesk {
    static final Duration LENGTH = Duration.ofSeconds(1);

    volatile LeaseAnswer answer = granted(1, 1);
    final List<String> asked = new CopyOnWriteArrayList<>();

    static LeaseAnswer granted(long term, long version) {
        return new LeaseAnswer.Granted(new Term(term), version, LENGTH);
    }

    static LeaseAnswer silent() {
        return new LeaseAnswer.Unanswered("the test says nothing");
    }

    static LeaseAnswer barred(long term, long version) {
        return new LeaseAnswer.Barred(new Term(term), version, "the test says so");
    }

    @Override
    public CompletableFuture<LeaseAnswer> renew(NodeName node, @Nullable Epoch reign) {
        asked.add(node + " " + reign);
        return CompletableFuture.completedFuture(answer);
    }
}
