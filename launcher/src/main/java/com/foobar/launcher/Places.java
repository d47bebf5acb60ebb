package com.foobar.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where things are on this machine.
 *
 * @param data what this process keeps
 * @param cache what can be made again, shared by all processes of the user: unpacked database servers and their templates
 * @param path the folders in which installed programs are looked for
 */
record Places(Path data, Path cache, List<Path> path) {

    static Places of(Path data, Map<String, String> environment) {
        Path home = Path.of(System.getProperty("user.home", ""));
        String told = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path cache = (told.isEmpty() ? home.resolve(".cache") : Path.of(told)).resolve(Program.NAME);
        return new Places(data, usable(cache) ? cache : data.resolve("cache"), path(environment));
    }

    /** A service's user often has no home, or one that is read-only. */
    private static boolean usable(Path cache) {
        try {
            return Files.isWritable(Files.createDirectories(cache));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> path(Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }
}
