package com.foobar.bench.start;

import com.foobar.bench.Machine;
import com.foobar.database.storage.FolderSync;
import com.foobar.testkit.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code bench/start} starts: the first argument is the repository, the second how often. */
public final class Start {
    private static final String USAGE = "bench/start [ROUNDS]   measures ROUNDS (3) starts of each kind, in turns";

    private Start() {}

    /** Measures and writes the page. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2 && arguments[1].equals("--help")) {
            System.out.println(USAGE);
            return;
        }
        if (arguments.length > 2 || (arguments.length == 2 && !arguments[1].matches("[1-9][0-9]?"))) {
            throw new IllegalArgumentException("ROUNDS is a number from 1 to 99; " + USAGE);
        }
        Path root = Path.of(arguments[0]);
        int rounds = arguments.length == 2 ? Integer.parseInt(arguments[1]) : 3;
        Path folder = Files.createDirectories(
                root.resolve("bench/target/start/" + ProcessHandle.current().pid()));
        Path jar = root.resolve("launcher/target/launcher.jar").toAbsolutePath();
        try (Children children = new Children()) {
            String page = measured(new Trial(jar, folder, children), folder, rounds);
            System.out.println("written: " + Files.writeString(root.resolve("bench/START.md"), page));
        } finally {
            // Each very first start leaves an unpacked engine and three nodes' data.
            FolderSync.delete(folder);
        }
    }

    private static String measured(Trial trial, Path folder, int rounds) {
        Map<String, List<Took>> first = new LinkedHashMap<>();
        Map<String, List<Took>> later = new LinkedHashMap<>();
        List<Recipe> recipes = Recipe.all(folder);
        for (Recipe recipe : recipes) {
            // Also warms the one who asks, so that the first figure is not of its own classes.
            Took unused = trial.run(recipe, recipe.learning(), folder.resolve("warm"));
        }
        for (int round = 0; round < rounds; round++) {
            Path state = folder.resolve("round" + round);
            for (Recipe recipe : recipes) {
                boolean plain = recipe.learning().isEmpty();
                Path own = plain ? state.resolve(recipe.name()) : folder.resolve("warm");
                if (plain) {
                    say(recipe, "very first", first, trial.run(recipe, recipe.flags(), own));
                }
                say(recipe, "later", later, trial.run(recipe, recipe.flags(), own));
            }
        }
        return StartPage.write(Machine.seen().sentence() + ", defaults of the JDKs otherwise.", first, later);
    }

    private static void say(Recipe recipe, String when, Map<String, List<Took>> starts, Took took) {
        starts.computeIfAbsent(recipe.name(), name -> new ArrayList<>()).add(took);
        System.out.printf(
                "%s, %s: first acknowledged write after %d ms%n",
                recipe.name(), when, took.writing().toMillis());
    }
}
