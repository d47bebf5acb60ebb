package com.foobar.bench.start;

import com.foobar.testkit.Jdk;
import com.foobar.testkit.Jdks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to start the program.
 *
 * @param learning flags of one start that writes what the later ones read; none where nothing is to be learned
 * @param flags of the starts that are measured
 */
record Recipe(String name, Jdk jdk, List<String> learning, List<String> flags) {

    /** The first JDK that writes an AOT cache while it runs the program. */
    private static final int AOT = 25;

    /** With the JDK that runs this and the newest beside it, each as it is and with its memory of classes. */
    static List<Recipe> all(Path memories) {
        List<Recipe> recipes = new ArrayList<>();
        for (Jdk jdk : List.of(Jdks.running(), Jdks.newest())) {
            int version = jdk.version().feature();
            String name = "JDK " + version;
            if (recipes.stream().anyMatch(one -> one.name().equals(name))) {
                continue;
            }
            recipes.add(new Recipe(name, jdk, List.of(), List.of()));
            Path memory = memories.resolve("classes-of-" + version);
            recipes.add(
                    version >= AOT
                            ? new Recipe(
                                    name + ", `-XX:AOTCache`",
                                    jdk,
                                    List.of("-XX:AOTCacheOutput=" + memory),
                                    List.of("-XX:AOTCache=" + memory))
                            : new Recipe(
                                    name + ", `-XX:SharedArchiveFile`",
                                    jdk,
                                    List.of("-XX:ArchiveClassesAtExit=" + memory),
                                    List.of("-XX:SharedArchiveFile=" + memory)));
        }
        return recipes;
    }
}
