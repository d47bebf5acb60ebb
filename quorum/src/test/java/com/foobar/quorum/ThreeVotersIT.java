package com.foobar.quorum;

import static com.foobar.quorum.Voters.RECORD;
import static com.foobar.quorum.Voters.confirm;
import static com.foobar.quorum.Voters.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised, whichever way the voters reach each other. */
@ParameterizedClass(name = "one process: {0}")
@ValueSource(booleans = {false, true})
class ThreeVotersIT {

    @Parameter
    boolean oneProcess;

    @TempDir
    Path folder;

    private Voters voters;

    @BeforeEach
    void start() throws Exception {
        Optional<Neighbours> neighbours = oneProcess ? Optional.of(new Neighbours()) : Optional.empty();
        voters = new Voters(folder, neighbours, "a", "b", "c");
        voters.startAll();
    }

    @AfterEach
    void close() {
        voters.close();
    }

    @Test
    void agreesOnALeaderAndOnWhatItWrites() throws Exception {
        Quorum leader = voters.get(voters.awaitLeader());
        Confirmed empty = confirm(leader);
        assertThat(empty.version()).isZero();
        assertThat(write(leader, 0, "first", empty.term())).isEqualTo(new Written.Done(1));
        assertThat(write(leader, 0, "second", empty.term())).isEqualTo(new Written.Conflict(1));
        assertThat(write(leader, 1, "second", empty.term() - 1)).isEqualTo(new Written.Deposed(empty.term()));
        Confirmed after = confirm(leader);
        assertThat(after.version()).isEqualTo(1);
        assertThat(after.content()).isEqualTo("first");
        assertThat(after.askedNanos() - empty.askedNanos()).isPositive();
    }

    @Test
    void onlyTheLeaderConfirmsAndWrites() throws Exception {
        String name = voters.awaitLeader();
        String other = name.equals("a") ? "b" : "a";
        long term = voters.get(name).standing().term();
        Await.until(
                "the other knows",
                Voters.PATIENCE,
                () -> voters.get(other).standing().term() == term);
        assertThatThrownBy(() -> confirm(voters.get(other)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(NotLeading.class, refusal -> assertThat(refusal.leader())
                        .contains(name))
                .hasMessageContaining(name + " leads");
        assertThat(write(voters.get(other), 0, "mine", term)).isEqualTo(new Written.Deposed(term));
    }

    @Test
    void goesOnWithoutItsLeaderAndRefusesTheOldTerm() throws Exception {
        String first = voters.awaitLeader();
        Confirmed old = confirm(voters.get(first));
        assertThat(write(voters.get(first), 0, "kept", old.term())).isEqualTo(new Written.Done(1));
        voters.stop(first);
        Quorum next = voters.get(voters.awaitLeader());
        Confirmed now = confirm(next);
        assertThat(now.term()).isGreaterThan(old.term());
        assertThat(now.content()).isEqualTo("kept");
        assertThat(write(next, 1, "late", old.term())).isEqualTo(new Written.Deposed(now.term()));
        assertThat(write(next, 1, "next", now.term())).isEqualTo(new Written.Done(2));
    }

    @Test
    void stepsDownInFavourOfAnotherAndTellsBoth() throws Exception {
        String first = voters.awaitLeader();
        long term = voters.get(first).standing().term();
        CountDownLatch lost = new CountDownLatch(1);
        voters.get(first).onStanding(lost::countDown);
        voters.get(first).stepDown();
        assertThat(voters.get(first).standing().leads()).isFalse();
        assertThat(lost.await(5, TimeUnit.SECONDS)).isTrue();
        String second = Await.until(
                "another leads", Voters.PATIENCE, voters::confirming, name -> name != null && !name.equals(first));
        assertThat(voters.get(second).standing().term()).isGreaterThan(term);
        Await.until(
                "the first follows",
                Voters.PATIENCE,
                () -> voters.get(first).standing().leader().equals(Optional.of(second)));
    }

    @Test
    void confirmsNothingWithoutAMajority() throws Exception {
        String leader = voters.awaitLeader();
        for (String name : new String[] {"a", "b", "c"}) {
            if (!name.equals(leader)) {
                voters.stop(name);
            }
        }
        long began = System.nanoTime();
        // Also the first question: nothing that was answered before may count.
        assertThat(Voters.confirms(voters.get(leader))).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(600));
    }

    @Test
    void keepsEverythingOverAFullStopAndOtherPorts() throws Exception {
        Quorum leader = voters.get(voters.awaitLeader());
        Confirmed before = confirm(leader);
        assertThat(write(leader, 0, "kept", before.term())).isEqualTo(new Written.Done(1));
        voters.stopAll();
        voters.moveToOtherPorts();
        voters.startAll();
        Confirmed after = confirm(voters.get(voters.awaitLeader()));
        assertThat(after.content()).isEqualTo("kept");
        assertThat(after.term()).isGreaterThan(before.term());
    }

    /** A leader whose followers go first still has messages on their way to them. */
    @Test
    void eachClosesInGoodTimeAlsoTheLast() throws Exception {
        for (int round = 0; round < 5; round++) {
            Quorum leader = voters.get(voters.awaitLeader());
            Confirmed before = confirm(leader);
            assertThat(write(leader, before.version(), "round " + round, before.term()))
                    .isEqualTo(new Written.Done(before.version() + 1));
            for (String name : List.of("a", "b", "c")) {
                long began = System.nanoTime();
                voters.stop(name);
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("%s in round %d", name, round)
                        .isLessThan(RatisQuorum.CLOSING_PATIENCE);
            }
            voters.startAll();
        }
    }

    @Test
    void manyQuestionsAtOnceAreAllAnswered() throws Exception {
        Quorum leader = voters.get(voters.awaitLeader());
        var answers =
                IntStream.range(0, 200).mapToObj(i -> leader.confirm(RECORD)).toList();
        for (var answer : answers) {
            assertThat(answer.get(5, TimeUnit.SECONDS).version()).isZero();
        }
    }

    @Test
    void aVoterThatLostItsFolderIsFilledAgainAndCanLead() throws Exception {
        // More than one snapshot, so that the log it lost is nowhere to be had any more.
        long written = voters.fill(3_000);
        String leader = voters.awaitLeader();
        String lost = leader.equals("a") ? "b" : "a";
        voters.stop(lost);
        Voters.delete(voters.folder(lost));
        RatisQuorum back = voters.start(lost);
        Await.until(
                "it holds what the others hold",
                Voters.PATIENCE,
                () -> back.known().get(RECORD).version() == written);
        // Nobody else can make a majority with the leader now, or take over from it.
        voters.stop(leader.equals("c") ? (lost.equals("a") ? "b" : "a") : "c");
        Await.until("the lost one leads", Voters.PATIENCE, () -> {
            voters.get(leader).stepDown();
            Await.until("somebody leads", Voters.PATIENCE, () -> voters.confirming() != null);
            return Voters.confirms(back);
        });
        assertThat(confirm(back).version()).isEqualTo(written);
    }
}
