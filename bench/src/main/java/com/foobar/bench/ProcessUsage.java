package com.foobar.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What a process and everything below it has used: CPU time of all threads, user and system, and memory now resident. Pages
 * that several processes share are counted in each, as {@code ps} does.
 */
public record ProcessUsage(Duration cpu, long residentBytes) {

    static final ProcessUsage NONE = new ProcessUsage(Duration.ZERO, 0);

    /** USER_HZ: the kernel shows ticks of this length to programs whatever its own are. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final Path PROC = Path.of("/proc");

    /** After the name, which may hold spaces and brackets of its own: utime is the 12th field, stime the 13th. */
    private static final int UTIME = 11;

    private static final Pattern RSS = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);

    public static ProcessUsage ofTree(long pid) {
        LongStream below = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid);
        return LongStream.concat(LongStream.of(pid), below)
                .mapToObj(ProcessUsage::of)
                .reduce(NONE, ProcessUsage::plus);
    }

    static ProcessUsage parse(String stat, String status) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        long ticks = Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(UTIME + 1));
        Matcher rss = RSS.matcher(status);
        return new ProcessUsage(TICK.multipliedBy(ticks), rss.find() ? Long.parseLong(rss.group(1)) * 1024 : 0);
    }

    /** Of that process alone. */
    public static ProcessUsage of(long pid) {
        try {
            Path folder = PROC.resolve(Long.toString(pid));
            return parse(text(folder.resolve("stat")), text(folder.resolve("status")));
        } catch (IOException gone) {
            // Its CPU time is lost, and with it the truth of the figure: no contender may lose a process in the middle.
            throw new IllegalStateException("process " + pid + " of a contender has ended", gone);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(cpu.plus(other.cpu), residentBytes + other.residentBytes);
    }
}
