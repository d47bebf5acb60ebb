package com.foobar.bench.chaos;

import com.foobar.testkit.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What is done to the cluster in a round, and how long writers may go without an answer because of it. */
enum Fault {
    KILL("kill −9 of the primary's server", 30, false, Duration.ofMillis(1_500)) {
        @Override
        String strike(Scene scene) throws IOException {
            ProcessHandle server = scene.server(scene.primary());
            scene.struck();
            Subject.signal(server, Signal.KILL);
            return scene.primary() + " killed";
        }
    },
    HANG("SIGSTOP of the primary's server, SIGCONT 3 s later", 15, false, Duration.ofSeconds(3)) {
        @Override
        String strike(Scene scene) throws IOException {
            ProcessHandle server = scene.server(scene.primary());
            scene.struck();
            Subject.signal(server, Signal.STOP);
            Pace.wait(Duration.ofSeconds(3));
            if (!server.isAlive()) {
                return scene.primary() + " stopped, and ended by its keeper";
            }
            Subject.signal(server, Signal.CONT);
            return scene.primary() + " stopped and let go on";
        }
    },
    CUT("network cut of the primary's machine for 8 s", 10, true, Duration.ofSeconds(5)) {
        @Override
        String strike(Scene scene) {
            String machine = scene.subject().machine(scene.primary());
            scene.struck();
            scene.subject().cut(machine);
            Pace.wait(Duration.ofSeconds(8));
            scene.subject().heal(machine);
            return machine + " cut, it led: " + scene.leader().equals(machine);
        }
    },
    REPLICATION_CUT("only the primary's replication connections cut, for 6 s", 5, true, Duration.ofSeconds(11)) {
        @Override
        String strike(Scene scene) throws IOException {
            scene.struck();
            scene.subject().cutReplication(scene.primary());
            Pace.wait(Duration.ofSeconds(6));
            scene.subject().healReplication(scene.primary());
            return scene.primary() + " reached by all but its replicas";
        }
    },
    LEADER_KILLED(
            "kill −9 of the primary's server, then of the leading coordinator's program",
            10,
            true,
            Duration.ofSeconds(5)) {
        @Override
        String strike(Scene scene) throws IOException {
            ProcessHandle server = scene.server(scene.primary());
            Duration later = Duration.ofMillis(scene.random().nextInt(250));
            scene.struck();
            Subject.signal(server, Signal.KILL);
            Pace.wait(later);
            scene.subject().program(scene.leader()).signal(Signal.KILL);
            scene.second();
            Pace.wait(Duration.ofMillis(1_500));
            scene.subject().startAgain(scene.leader());
            return "leader " + scene.leader() + " killed " + later.toMillis() + " ms later, " + scene.primary()
                    + " was "
                    + (scene.subject().machine(scene.primary()).equals(scene.leader()) ? "there" : "elsewhere");
        }
    },
    PROGRAM_PAUSED(
            "SIGSTOP of the program on the primary's machine for 6 s, its server goes on",
            5,
            true,
            Duration.ofSeconds(8)) {
        @Override
        String strike(Scene scene) {
            String machine = scene.subject().machine(scene.primary());
            scene.struck();
            scene.subject().program(machine).signal(Signal.STOP);
            Pace.wait(Duration.ofSeconds(6));
            scene.subject().program(machine).signal(Signal.CONT);
            return machine + " paused, it led: " + scene.leader().equals(machine);
        }
    },
    TWO_AT_ONCE("kill −9 of the primary's and one replica's server", 5, false, Duration.ofSeconds(5)) {
        @Override
        String strike(Scene scene) throws IOException {
            String replica = scene.anyReplica();
            List<ProcessHandle> servers = List.of(scene.server(scene.primary()), scene.server(replica));
            scene.struck();
            for (ProcessHandle server : servers) {
                Subject.signal(server, Signal.KILL);
            }
            return scene.primary() + " and " + replica + " killed";
        }
    },
    ACKER_RESTART(
            "one replica's receiver restarted, then kill −9 of the primary's server", 3, false, Duration.ofSeconds(5)) {
        @Override
        String strike(Scene scene) throws IOException {
            String replica = scene.anyReplica();
            ProcessHandle server = scene.server(scene.primary());
            String done = scene.subject().ask("restart-receiver " + replica);
            scene.struck();
            Subject.signal(server, Signal.KILL);
            return replica + "'s receiver " + done + ", " + scene.primary() + " killed";
        }
    };

    private final String sentence;
    private final int rounds;
    private final boolean apart;
    private final Duration longestGap;

    Fault(String sentence, int rounds, boolean apart, Duration longestGap) {
        this.sentence = sentence;
        this.rounds = rounds;
        this.apart = apart;
        this.longestGap = longestGap;
    }

    /** Does it, undoes what is to be undone, and says what it was. */
    abstract String strike(Scene scene) throws IOException;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String sentence() {
        return sentence;
    }

    int rounds() {
        return rounds;
    }

    /** Whether it needs machines of their own. */
    boolean isApart() {
        return apart;
    }

    Duration longestGap() {
        return longestGap;
    }

    /** What a fault finds, and what it says of when it struck. */
    interface Scene {
        Subject subject();

        String primary();

        /** The machine whose coordinator leads. */
        String leader();

        Random random();

        /** Now. */
        void struck();

        /** The second blow, when there is one. */
        void second();

        default String anyReplica() {
            List<String> replicas = subject().others(primary());
            return replicas.get(random().nextInt(replicas.size()));
        }

        default ProcessHandle server(String node) throws IOException {
            return subject().server(node);
        }
    }
}
