package com.foobar.database.embedded;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's version; series are what data directories must agree in. */
public record EngineVersion(String vendor, int major, int minor, int patch) implements Comparable<EngineVersion> {

    static final String MARIADB = "MariaDB";

    private static final Pattern PRINTED =
            Pattern.compile("Ver (?<major>\\d{1,3})\\.(?<minor>\\d{1,3})\\.(?<patch>\\d{1,3})");
    private static final Pattern WRITTEN =
            Pattern.compile("(?<vendor>[A-Za-z]+) (?<major>\\d{1,3})\\.(?<minor>\\d{1,3})\\.(?<patch>\\d{1,3})");

    /** From the line that {@code --version} prints. */
    static Optional<EngineVersion> printed(String line) {
        Matcher printed = PRINTED.matcher(line);
        return printed.find() ? Optional.of(of(line.contains(MARIADB) ? MARIADB : "MySQL", printed)) : Optional.empty();
    }

    /** From {@link #toString}. */
    static Optional<EngineVersion> parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        return written.matches() ? Optional.of(of(written.group("vendor"), written)) : Optional.empty();
    }

    private static EngineVersion of(String vendor, Matcher numbers) {
        return new EngineVersion(
                vendor,
                Integer.parseInt(numbers.group("major")),
                Integer.parseInt(numbers.group("minor")),
                Integer.parseInt(numbers.group("patch")));
    }

    boolean sameSeries(EngineVersion other) {
        return vendor.equals(other.vendor) && major == other.major && minor == other.minor;
    }

    @Override
    public int compareTo(EngineVersion other) {
        int series = Integer.compare(major * 1000 + minor, other.major * 1000 + other.minor);
        return series != 0 ? series : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return vendor + " " + major + "." + minor + "." + patch;
    }
}
