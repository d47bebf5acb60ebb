package com.foobar.appserver.deploy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The folder that users put their applications in. */
final class AppFolder {
    /** Nothing that is hidden, and nothing that would not be itself in a URL. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.#~-]*");

    private static final String WAR = ".war";

    private final Path folder;

    AppFolder(Path folder) {
        this.folder = folder;
    }

    /** What is there now, by name; of a WAR and a folder with one name the WAR counts. A folder that is missing is empty. */
    Map<String, Plan.Seen> look() throws IOException {
        Map<String, Plan.Seen> found = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                try {
                    note(entry, found);
                } catch (NoSuchFileException goneMeanwhile) {
                    // The next look will tell.
                    found.remove(String.valueOf(entry.getFileName()));
                }
            }
        }
        return found;
    }

    private static void note(Path entry, Map<String, Plan.Seen> found) throws IOException {
        String file = entry.getFileName().toString();
        boolean directory = Files.isDirectory(entry);
        boolean war = !directory && file.endsWith(WAR);
        String name = war ? file.substring(0, file.length() - WAR.length()) : file;
        if (!NAME.matcher(name).matches()) {
            return;
        }
        if (war) {
            BasicFileAttributes facts = Files.readAttributes(entry, BasicFileAttributes.class);
            Plan.Stamp stamp =
                    new Plan.Stamp(facts.size(), facts.lastModifiedTime().toMillis(), 1);
            found.put(name, new Plan.Seen(entry, false, stamp));
        } else if (directory && Files.isDirectory(entry.resolve("WEB-INF"))) {
            Plan.Stamp stamp = stamp(entry);
            found.putIfAbsent(name, new Plan.Seen(entry, true, stamp));
        }
    }

    private static Plan.Stamp stamp(Path folder) throws IOException {
        long[] sums = new long[3];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                sums[0] += facts.size();
                sums[1] = Math.max(sums[1], facts.lastModifiedTime().toMillis());
                sums[2]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Plan.Stamp(sums[0], sums[1], sums[2]);
    }
}
