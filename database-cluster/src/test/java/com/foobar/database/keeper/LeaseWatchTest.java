package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.NodeName;
import com.foobar.database.model.Term;
import com.foobar.database.node.LeaseAnswer;
import com.foobar.database.node.LeaseDesk;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lease by hand: a second long, the server a stand-in that can only be killed. */
class LeaseWatchTest {

    private static final NodeName DB1 = new NodeName("db1");

    private record Question(@Nullable Epoch reign, CompletableFuture<LeaseAnswer> answer) {}

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private long slept;

    /** The same time, that can also go on while nothing runs. */
    private final Time sleepy = new Time() {
        @Override
        public long nanos() {
            return time.nanos() + slept;
        }

        @Override
        public Instant instant() {
            return time.instant();
        }

        @Override
        public Timeout after(Duration delay, Runnable task) {
            return time.after(delay, task);
        }

        @Override
        public Timeout every(Duration delay, Runnable task) {
            return time.every(delay, task);
        }
    };

    private final List<Question> questions = new ArrayList<>();
    private final HandLife life = new HandLife();
    private Station station;
    private LeaseWatch watch;

    @BeforeEach
    void aServerThatRuns() throws Exception {
        HostPort at = new HostPort("127.0.0.1", FreePorts.one());
        Login login = new Login("nobody", Secret.parse("nobody-at-all"));
        KeeperPlan plan = new KeeperPlan(
                DB1,
                "c1",
                folder.resolve("keeper"),
                Dialects.MARIADB,
                Map.of(DB1, at),
                Map.of(Duty.COORDINATOR, login),
                "app",
                Optional.empty(),
                Optional.empty(),
                KeeperPlan.Limits.DEFAULT);
        station = new Station(Notebook.open(plan.notes(), "c1"));
        LeaseDesk desk = (node, reign) -> {
            Question question = new Question(reign, new CompletableFuture<>());
            questions.add(question);
            return question.answer();
        };
        watch = new LeaseWatch(plan, at, station, desk, sleepy);
        Station.Running unused = station.begin(life, Boot.Tail.KEPT);
    }

    @AfterEach
    void closed() {
        watch.close();
        assertThat(time.waiting()).isZero();
    }

    private void advance(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private void answer(LeaseAnswer answer) {
        boolean unused = questions.remove(0).answer().complete(answer);
    }

    private static LeaseAnswer granted(long term, long version) {
        return new LeaseAnswer.Granted(new Term(term), version, Duration.ofSeconds(1));
    }

    private void reigning() throws Exception {
        advance(25);
        answer(granted(1, 1));
        station.beginReign(new Epoch(1));
        watch.renew();
        assertThat(questions.get(0).reign()).isEqualTo(new Epoch(1));
        answer(granted(1, 1));
    }

    @Test
    void isAskedForThreeTimesInItsLength() {
        for (int asked = 0; asked < 9; asked++) {
            advance(350);
            assertThat(questions).as("question %d", asked).isNotEmpty();
            while (!questions.isEmpty()) {
                answer(granted(1, 1));
            }
            assertThat(watch.holds()).isTrue();
        }
        assertThat(life.runs()).isTrue();
    }

    @Test
    void countsFromBeforeTheQuestion() {
        advance(25);
        advance(700);
        answer(granted(1, 1));
        assertThat(watch.holds()).isTrue();
        questions.clear();
        advance(301);
        assertThat(watch.holds()).as("1001 ms after it was asked for").isFalse();
    }

    @Test
    void aServerThatTakesWritesIsKilledBeforeTheEnd() throws Exception {
        reigning();
        advance(850);
        assertThat(life.runs()).isTrue();
        advance(100);
        assertThat(life.runs()).isFalse();
    }

    @Test
    void aReplicaThatDoesNotStopIsKilledBeforeTheEndAndOneThatReceivesNothingLives() throws Exception {
        advance(25);
        answer(granted(1, 1));
        advance(2_000);
        assertThat(life.runs()).as("nothing to stop").isTrue();
        answerAll(granted(1, 1));
        station.beginFollowing(new Generation("b1", new Epoch(1), 1));
        advance(700);
        assertThat(life.runs()).isTrue();
        advance(250);
        assertThat(life.runs()).as("nobody answers at its port").isFalse();
    }

    private void answerAll(LeaseAnswer answer) {
        watch.renew();
        while (!questions.isEmpty()) {
            boolean unused = questions.remove(questions.size() - 1).answer().complete(answer);
        }
    }

    @Test
    void aProcessThatSleptPastItsLeaseKillsFirstThing() throws Exception {
        reigning();
        watch.renew();
        time.jumpWallClock(Duration.ofHours(1));
        assertThat(watch.holds()).as("the wall clock means nothing").isTrue();
        // The machine stands still: its timers do not run, and the answer is already here when it wakes.
        slept = Duration.ofSeconds(5).toNanos();
        answer(granted(1, 1));
        assertThat(life.runs()).isFalse();
        assertThat(watch.holds()).isFalse();
    }

    @Test
    void aBarKillsAtOnce() throws Exception {
        reigning();
        watch.renew();
        answer(new LeaseAnswer.Barred(new Term(1), 2, "deposed"));
        assertThat(life.runs()).isFalse();
    }

    @Test
    void aBarredReplicaHasUntilTheEndOfItsLeaseToStop() throws Exception {
        advance(25);
        answer(granted(1, 1));
        station.beginFollowing(new Generation("b1", new Epoch(1), 1));
        watch.renew();
        answer(new LeaseAnswer.Barred(new Term(1), 2, "gone too long"));
        assertThat(watch.holds()).isFalse();
        advance(800);
        assertThat(life.runs()).isTrue();
        advance(150);
        assertThat(life.runs()).isFalse();
    }

    @Test
    void whatADeposedOneSaysCountsForNothing() throws Exception {
        advance(25);
        answer(granted(5, 9));
        station.beginReign(new Epoch(1));
        watch.renew();
        answer(new LeaseAnswer.Barred(new Term(4), 12, "by one who was deposed"));
        watch.renew();
        answer(granted(5, 8));
        assertThat(life.runs()).isTrue();
        assertThat(watch.lease().term()).isEqualTo(new Term(5));
        assertThat(watch.lease().version()).isEqualTo(9);
        watch.renew();
        answer(granted(6, 9));
        assertThat(watch.lease().term()).isEqualTo(new Term(6));
    }

    @Test
    void whatWasGrantedToAReplicaDoesNotCoverItsReign() throws Exception {
        advance(25);
        answer(granted(1, 1));
        advance(600);
        questions.clear();
        watch.renew();
        station.beginReign(new Epoch(1));
        answer(granted(1, 1));
        advance(325);
        assertThat(life.runs()).as("950 ms after the last question that counts").isFalse();
    }
}
