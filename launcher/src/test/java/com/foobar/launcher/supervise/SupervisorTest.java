package com.foobar.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.Change;
import com.foobar.kernel.lifecycle.ChangeRefused;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.lifecycle.Role;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.launcher.topology.Instance;
import com.foobar.launcher.topology.Read;
import com.foobar.launcher.topology.RoleName;
import com.foobar.launcher.topology.Topology;
import com.foobar.testkit.Await;
import com.foobar.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private static final Supervisor.Patience SHORT =
            new Supervisor.Patience(Duration.ofMillis(100), Duration.ofMillis(100));

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void startsInOrderAndStopsTheOtherWayRoundAllDrainedFirst() throws Exception {
        Supervisor supervisor = supervisor(new Scripted("db1"), new Scripted("web1"), new Scripted("lb1"));

        supervisor.start();
        Map<String, String> failures = supervisor.stop();

        assertThat(failures).isEmpty();
        assertThat(events)
                .containsExactly(
                        "db1 start",
                        "web1 start",
                        "lb1 start",
                        "lb1 drain",
                        "web1 drain",
                        "db1 drain",
                        "lb1 close",
                        "web1 close",
                        "db1 close");
    }

    @Test
    void aRoleThatFailsToStartUndoesThoseBeforeIt() {
        Scripted broken = new Scripted("lb1");
        broken.onStart = () -> {
            throw new StartFailure("port 80 is in use", "stop what uses it");
        };
        Supervisor supervisor = supervisor(new Scripted("db1"), new Scripted("web1"), broken, new Scripted("never"));

        assertThatThrownBy(supervisor::start)
                .isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(failure.cure())
                        .isEqualTo("stop what uses it"))
                .hasMessage("lb1: port 80 is in use");
        assertThat(events).endsWith("web1 close", "db1 close").doesNotContain("never start", "lb1 close");
    }

    @Test
    void aBugInAStartIsUndoneLikeAFailure() {
        Scripted broken = new Scripted("lb1");
        broken.onStart = () -> {
            throw new IllegalStateException("boom");
        };

        assertThatThrownBy(supervisor(new Scripted("db1"), broken)::start).hasMessageContaining("boom");
        assertThat(events).endsWith("db1 close");
    }

    @Test
    void anInterruptDuringTheStartUndoesIt() {
        Scripted interrupting = new Scripted("db1");
        interrupting.onStart = () -> Thread.currentThread().interrupt();

        assertThatThrownBy(supervisor(interrupting, new Scripted("lb1"))::start)
                .isInstanceOf(InterruptedException.class);
        assertThat(events).containsExactly("db1 start", "db1 drain", "db1 close");
    }

    /** A role can only say that its start failed; who interrupted it did not want to hear of a failure. */
    @Test
    void aStartThatAnInterruptMakesFailIsUndoneInFullAndIsNoFailure() {
        Scripted database = new Scripted("db1");
        Scripted interrupted = new Scripted("app1");
        interrupted.onStart = () -> {
            Thread.currentThread().interrupt();
            throw new StartFailure("the start was interrupted", "start again");
        };

        assertThatThrownBy(supervisor(database, interrupted)::start)
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("while app1 was starting");
        assertThat(events).containsExactly("db1 start", "app1 start", "db1 drain", "db1 close");
    }

    @Test
    void whatFailsWhileAStartIsUndoneIsNamed() {
        Scripted database = new Scripted("db1");
        database.onClose = () -> {
            throw new IllegalStateException("the disk hangs");
        };
        Scripted interrupted = new Scripted("app1");
        interrupted.onStart = () -> Thread.currentThread().interrupt();
        Supervisor supervisor = supervisor(database, interrupted, new Scripted("never"));

        assertThatThrownBy(supervisor::start).isInstanceOf(InterruptedException.class);
        assertThat(supervisor.undone()).containsOnlyKeys("db1");
        assertThat(supervisor.undone().get("db1")).contains("the disk hangs");
    }

    @Test
    void anInterruptWhileAFailedStartIsUndoneLeavesNothingBehind() {
        Thread runner = Thread.currentThread();
        List<String> closed = Collections.synchronizedList(new ArrayList<>());
        Scripted database = new Scripted("db1");
        database.onClose = () -> {
            runner.interrupt();
            Await.until("it is seen", Duration.ofSeconds(1), () -> !runner.isInterrupted());
            closed.add("db1");
        };
        Scripted broken = new Scripted("lb1");
        broken.onStart = () -> {
            throw new StartFailure("port 80 is in use", "stop what uses it");
        };
        Supervisor supervisor = new Supervisor(
                seats(database, broken),
                new ManualTime(),
                new Supervisor.Patience(Duration.ofSeconds(5), Duration.ofSeconds(5)),
                silent());

        assertThatThrownBy(supervisor::start).isInstanceOf(StartFailure.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("db1");
    }

    @Test
    void aRoleThatHangsOnStopIsNamedAndLeftBehind() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Scripted hanging = new Scripted("web1");
        hanging.onClose = () -> {
            try {
                never.await();
            } catch (InterruptedException leftBehind) {
                events.add("web1 interrupted");
            }
        };
        Supervisor supervisor = supervisor(new Scripted("db1"), hanging, new Scripted("lb1"));
        supervisor.start();

        Map<String, String> failures = supervisor.stop();

        assertThat(failures).containsOnlyKeys("web1");
        assertThat(failures.get("web1")).startsWith("close did not end");
        assertThat(events).contains("lb1 close", "db1 close");
    }

    @Test
    void aFailingStopNeverPreventsTheOthers() throws Exception {
        Scripted failing = new Scripted("lb1");
        failing.onClose = () -> {
            throw new IllegalStateException("boom");
        };
        Supervisor supervisor = supervisor(new Scripted("db1"), failing);
        supervisor.start();

        assertThat(supervisor.stop().get("lb1")).contains("boom");
        assertThat(events).contains("db1 close");
    }

    @Test
    void readyWhenAllAreAndNeverWhileStopping() throws Exception {
        Scripted web = new Scripted("web1");
        Supervisor supervisor = supervisor(new Scripted("db1"), web);
        assertThat(supervisor.readiness()).isEqualTo(Readiness.no("db1: not started yet"));

        supervisor.start();
        assertThat(supervisor.readiness().ready()).isTrue();
        web.readiness = Readiness.no("no application server");
        assertThat(supervisor.readiness()).isEqualTo(Readiness.no("web1: no application server"));

        supervisor.stop();
        assertThat(supervisor.readiness()).isEqualTo(Readiness.no("stopping"));
    }

    @Test
    void aReloadCommitsAllOrNone() throws Exception {
        Scripted refusing = new Scripted("lb1");
        Supervisor supervisor = supervisor(new Scripted("db1"), new Scripted("web1"), refusing);
        supervisor.start();
        events.clear();

        assertThat(supervisor.reload(Read.topology(Read.ALONE))).isEmpty();
        assertThat(events).containsExactly("db1 commit", "web1 commit", "lb1 commit");

        events.clear();
        refusing.refusal = "lb.http: needs a restart";
        assertThat(supervisor.reload(Read.topology(Read.ALONE)))
                .containsExactly(Map.entry("lb1", "lb.http: needs a restart"));
        assertThat(events).containsExactly("db1 discard", "web1 discard");
    }

    private Supervisor supervisor(Scripted... roles) {
        return new Supervisor(seats(roles), new ManualTime(), SHORT, silent());
    }

    private static List<Seat<?>> seats(Scripted... roles) {
        List<Seat<?>> seats = new ArrayList<>();
        for (Scripted role : roles) {
            Instance instance = new Instance(role.name, RoleName.LB, "a", "127.0.0.1", List.of());
            seats.add(new Seat<>(instance, role, Function.identity()));
        }
        return seats;
    }

    private static Supervisor.Narrator silent() {
        return new Supervisor.Narrator() {
            @Override
            public void started(Seat<?> seat, Duration took) {}

            @Override
            public void stopped(Seat<?> seat, Duration took) {}
        };
    }

    private interface Begin {
        void run() throws StartFailure;
    }

    private final class Scripted implements Role<Topology> {
        final String name;
        Begin onStart = () -> {};
        Runnable onClose = () -> {};
        Readiness readiness = Readiness.yes();
        String refusal = "";

        Scripted(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() throws StartFailure {
            events.add(name + " start");
            onStart.run();
        }

        @Override
        public Readiness readiness() {
            return readiness;
        }

        @Override
        public Change prepare(Topology live) throws ChangeRefused {
            if (!refusal.isEmpty()) {
                throw new ChangeRefused(refusal);
            }
            return new Change() {
                @Override
                public void commit() {
                    events.add(name + " commit");
                }

                @Override
                public void discard() {
                    events.add(name + " discard");
                }
            };
        }

        @Override
        public void drain(Duration patience) {
            events.add(name + " drain");
        }

        @Override
        public void close() {
            events.add(name + " close");
            onClose.run();
        }
    }
}
