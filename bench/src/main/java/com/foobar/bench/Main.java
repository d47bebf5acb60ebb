package com.foobar.bench;

import com.foobar.kernel.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code bench/run} starts: the first argument is the repository, the others are its own. */
public final class Main {

    private Main() {}

    /** Measures and writes the results. */
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.isEmpty() || words.contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options = Options.parse(Path.of(words.get(0)), words.subList(1, words.size()));
        try (SystemTime time = new SystemTime("bench")) {
            String results = new Bench(options, time, System.out).run();
            Path folder = options.out().toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(options.out(), results);
            System.out.println("written: " + options.out());
        }
    }
}
