package com.foobar.bench.chaos;

import com.foobar.database.storage.FolderSync;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All rounds of one fault, on one cluster as long as that is whole after each; on a new one after it was not. */
final class Campaign {
    private final Path jar;
    private final Path folder;
    private final long seed;
    private final PrintStream progress;

    Campaign(Path jar, Path folder, long seed, PrintStream progress) {
        this.jar = jar;
        this.folder = folder.toAbsolutePath();
        this.seed = seed;
        this.progress = progress;
    }

    /** A fault that the machine cannot even have is a failure of the harness; what the cluster does wrong is in the rounds. */
    List<Round> run(List<Fault> faults, int rounds) throws IOException {
        List<Round> done = new ArrayList<>();
        int numbers = 1;
        boolean apart = faults.get(0).isApart();
        while (done.size() < rounds) {
            Path here =
                    folder.resolve((faults.size() == 1 ? faults.get(0).word() : "mixed-" + apart) + "-" + numbers++);
            boolean whole = true;
            try (Subject subject = apart ? Subject.apart(jar, here) : Subject.together(jar, here)) {
                while (whole && done.size() < rounds) {
                    Fault fault = faults.get(done.size() % faults.size());
                    Round round = new Bout(subject, fault, done.size() + 1, seedOf(fault, done.size() + 1)).fight();
                    done.add(round);
                    progress.println(round.line());
                    whole = round.isGood();
                    if (!whole) {
                        Files.writeString(here.resolve("VIOLATION"), round.line() + "\n");
                        progress.println("  evidence is kept in " + here);
                    }
                }
            }
            if (whole) {
                // Hundreds of megabytes; its rounds are lines of the table.
                FolderSync.delete(here);
            }
            if (numbers > rounds + 1) {
                break;
            }
        }
        return done;
    }

    private long seedOf(Fault fault, int number) {
        return seed * 1_000_000 + Math.floorMod(fault.word().hashCode(), 1_000) * 1_000L + number;
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
