package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static com.foobar.quorum.Voters.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.FaultProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutLeaderIT {

    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    private Links links;
    private Voters voters;

    @BeforeEach
    void start() throws Exception {
        links = new Links(folder, List.of("a", "b", "c"));
        voters = links.voters;
    }

    @AfterEach
    void close() {
        links.close();
    }

    @Test
    void aLeaderThatIsCutOffConfirmsNothingFromThatMomentOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String cut = voters.awaitLeader();
            RatisQuorum old = voters.get(cut);
            // Twice, with nothing written in between: Ratis's own read would answer a third time without asking.
            Confirmed before = confirm(old);
            before = confirm(old);
            links.of(cut).forEach(FaultProxy::blackHole);
            long at = System.nanoTime();
            AtomicLong answered = new AtomicLong();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Integer> asking = CompletableFuture.supplyAsync(() -> ask(old, answered, enough));
            String next = Await.until(
                    "another confirms", Voters.PATIENCE, voters::confirming, name -> name != null && !name.equals(cut));
            Confirmed now = confirm(voters.get(next));
            System.out.printf("%s cut off: %s confirms after %d ms%n", cut, next, (now.askedNanos() - at) / 1_000_000);
            assertThat(now.term()).isGreaterThan(before.term());
            assertThat(write(voters.get(next), now.version(), "new", now.term()))
                    .isEqualTo(new Written.Done(now.version() + 1));
            // It may still believe to lead; its write can go nowhere, now or later.
            assertThat(write(old, now.version(), "old", before.term())).isNotInstanceOf(Written.Done.class);
            enough.set(true);
            assertThat(asking.get()).as("times asked").isGreaterThan(5);
            assertThat(answered.get()).as("answers of the one cut off").isZero();
            links.heal();
            assertThat(confirm(voters.get(voters.awaitLeader())).content()).isEqualTo("new");
        }
    }

    private static int ask(RatisQuorum voter, AtomicLong answered, AtomicBoolean enough) {
        int asked = 0;
        List<Exception> refusals = new ArrayList<>();
        while (!enough.get()) {
            asked++;
            try {
                Confirmed unused = confirm(voter);
                answered.incrementAndGet();
            } catch (ExecutionException refused) {
                refusals.add(refused);
            }
        }
        assertThat(refusals).allSatisfy(refused -> assertThat(refused).hasCauseInstanceOf(NotLeading.class));
        return asked;
    }
}
