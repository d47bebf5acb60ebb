package com.foobar.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process and everything it started. A grandchild whose parent has died belongs to init and to nobody's descendants any
 * more; on Linux it is still known by a mark in its environment, which all descendants inherit.
 */
final class ProcessTree {

    static final String VARIABLE = "TESTKIT_CHILD";

    private static final int QUIET_LOOKS = 3;

    private static final Path PROC = Path.of("/proc");

    /** Process ids mean nothing outside their namespace: a container's mark must not be judged from the host. */
    private static final String NAMESPACE = namespace();

    private static final Pattern MARK = Pattern.compile("(?<namespace>.*)/(?<owner>[0-9]+)/(?<number>[0-9]+)");

    private ProcessTree() {}

    static String mark(long number) {
        return NAMESPACE + "/" + ProcessHandle.current().pid() + "/" + number;
    }

    /** Kills until none is left: a process may fork while its siblings are being killed. */
    static void kill(ProcessHandle root, String mark, Duration patience) {
        Set<ProcessHandle> known = new HashSet<>(List.of(root));
        Set<ProcessHandle> living = Set.of(root);
        int quiet = 0;
        long began = System.nanoTime();
        while (System.nanoTime() - began < patience.toNanos()) {
            for (ProcessHandle process : List.copyOf(known)) {
                process.descendants().forEach(known::add);
            }
            known.addAll(marked(mark));
            living = living(known);
            // A process in the middle of an exec has no environment to be known by: one look that finds nobody proves
            // nothing.
            quiet = living.isEmpty() ? quiet + 1 : 0;
            if (quiet == QUIET_LOOKS) {
                return;
            }
            living.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        throw new AssertionError("processes " + living + " still live " + patience + " after SIGKILL");
    }

    /** What earlier test JVMs left behind because they were killed without a chance to clean up. */
    static void killStale() {
        for (Path process : processes()) {
            Optional<ProcessHandle> orphan = markOf(process)
                    .map(MARK::matcher)
                    .filter(Matcher::matches)
                    .filter(mark -> mark.group("namespace").equals(NAMESPACE))
                    .filter(mark -> ProcessHandle.of(Long.parseLong(mark.group("owner")))
                            .isEmpty())
                    .flatMap(mark -> handle(process));
            if (orphan.isPresent()) {
                System.err.println("testkit: killing process " + orphan.get().pid() + ", left by a dead test JVM");
                boolean unused = orphan.get().destroyForcibly();
            }
        }
    }

    private static Set<ProcessHandle> marked(String mark) {
        Set<ProcessHandle> found = new HashSet<>();
        for (Path process : processes()) {
            if (markOf(process).filter(mark::equals).isPresent()) {
                handle(process).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Set<ProcessHandle> living(Set<ProcessHandle> processes) {
        Set<ProcessHandle> living = new HashSet<>(processes);
        living.removeIf(process -> !process.isAlive() || isZombie(process.pid()));
        return living;
    }

    /** Dead, and waiting for a parent to notice; in a container without a real init that may be for ever. */
    static boolean isZombie(long pid) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false;
        }
    }

    private static Set<Path> processes() {
        Set<Path> processes = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            all.forEach(processes::add);
        } catch (IOException | DirectoryIteratorException e) {
            // Not Linux: descendants have to do.
        }
        return processes;
    }

    private static Optional<String> markOf(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment
                    .lines()
                    .flatMap(text -> List.of(text.split("\0", -1)).stream())
                    .filter(entry -> entry.startsWith(VARIABLE + "="))
                    .map(entry -> entry.substring(VARIABLE.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            // Another user's, or gone meanwhile: none of ours.
            return Optional.empty();
        }
    }

    private static Optional<ProcessHandle> handle(Path process) {
        return ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "none";
        }
    }
}
