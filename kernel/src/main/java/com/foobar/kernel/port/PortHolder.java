package com.foobar.kernel.port;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which process listens on a port, as far as Linux lets this user see: {@code /proc/net/tcp} names the socket,
 * {@code /proc/PID/fd} names its owner. Elsewhere, or for another user's process, there is no answer, and that is no error.
 */
final class PortHolder {

    private static final String LISTENING = "0A";
    private static final int MOST_SHOWN = 160;
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final Path proc;

    PortHolder() {
        this(Path.of("/proc"));
    }

    PortHolder(Path proc) {
        this.proc = proc;
    }

    /** The process in words: {@code process 4711 (java -jar launcher.jar)}. */
    Optional<String> of(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            collect(proc.resolve("net").resolve(table), port, sockets);
        }
        return sockets.isEmpty() ? Optional.empty() : owner(sockets).map(this::describe);
    }

    private static void collect(Path table, int port, Set<String> sockets) {
        String wanted = String.format(Locale.ROOT, ":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns.length > INODE && columns[LOCAL].endsWith(wanted) && columns[STATE].equals(LISTENING)) {
                    sockets.add("socket:[" + columns[INODE] + "]");
                }
            }
        } catch (IOException e) {
            // Not Linux, or no IPv6: the other table may still know.
            return;
        }
    }

    private Optional<String> owner(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of(process.getFileName().toString());
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Another user's process, or one that has just ended.
            return false;
        }
        return false;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private String describe(String pid) {
        String command = "";
        try {
            command = Files.readString(proc.resolve(pid).resolve("cmdline"))
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            command = "";
        }
        // The program's name tells enough; its folder would push the arguments out of sight.
        command = command.substring(command.lastIndexOf('/', Math.max(0, command.indexOf(' '))) + 1);
        String shown = command.length() > MOST_SHOWN ? command.substring(0, MOST_SHOWN) + "..." : command;
        boolean self = pid.equals(Long.toString(ProcessHandle.current().pid()));
        return (self ? "this process, " : "process ") + pid + (shown.isEmpty() ? "" : " (" + shown + ")");
    }
}
