package com.foobar.quorum;

import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A voter's memory: what it voted and what was agreed. A file says whose it is, because a voter that votes with another one's memory can
 * vote twice.
 */
final class VoterFolder {

    private static final String OWNER = "owner";
    private static final String CURE = "point the quorum's data folder at this voter's own, or at an empty one";

    private VoterFolder() {}

    /** The name Ratis knows the cluster by. */
    static UUID group(String cluster) {
        return UUID.nameUUIDFromBytes(("foobar quorum of " + cluster).getBytes(StandardCharsets.UTF_8));
    }

    static void claim(VoterSettings settings) throws StartFailure {
        Path folder = settings.folder();
        try {
            Files.createDirectories(folder);
            Path owner = folder.resolve(OWNER);
            List<String> wanted = List.of(
                    "cluster " + settings.cluster(),
                    "voter " + settings.name(),
                    "founded by "
                            + String.join(", ", new TreeSet<>(settings.voters().keySet())));
            if (Files.exists(owner)) {
                checkOwner(folder, Files.readAllLines(owner), wanted);
            } else {
                checkEmpty(folder);
                write(owner, String.join("\n", wanted) + "\n");
            }
            checkGroups(folder, settings.cluster());
        } catch (IOException unusable) {
            throw new StartFailure(
                    "the quorum's data folder " + folder + " cannot be used: " + unusable,
                    "the user the program runs as must be able to write there, and the disk must not be full",
                    unusable);
        }
    }

    private static void checkOwner(Path folder, List<String> found, List<String> wanted) throws StartFailure {
        if (found.size() != wanted.size() || !found.subList(0, 2).equals(wanted.subList(0, 2))) {
            throw new StartFailure(
                    "the quorum's data folder " + folder + " belongs to " + String.join(", ", found) + "; this is "
                            + String.join(", ", wanted),
                    CURE);
        }
        // Two voters that count different majorities can elect two leaders.
        if (!found.get(2).equals(wanted.get(2))) {
            throw new StartFailure(
                    "the quorum in " + folder + " was " + found.get(2) + "; the configuration names "
                            + wanted.get(2).substring("founded by ".length()),
                    "name the same voters again; to change them, stop all voters and empty their quorum folders"
                            + " (the databases keep their data)");
        }
    }

    /** A lost owner file is no reason to give a memory to somebody else. */
    private static void checkEmpty(Path folder) throws IOException, StartFailure {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[!.]*")) {
            for (Path entry : entries) {
                throw new StartFailure(
                        "the quorum's data folder " + folder + " holds " + entry.getFileName()
                                + " but no file that says whose it is",
                        CURE);
            }
        }
    }

    /** Ratis would serve every cluster it finds a folder of. */
    private static void checkGroups(Path folder, String cluster) throws IOException, StartFailure {
        String own = group(cluster).toString();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(own) && !name.equals("removed")) {
                    throw new StartFailure(
                            "the quorum's data folder " + folder + " holds the data of another cluster than " + cluster
                                    + ": " + name,
                            CURE);
                }
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName());
        Files.writeString(unfinished, text);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
