package com.foobar.bench;

import com.foobar.testkit.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As many requests as HTTP/1.1 connections will carry, one after the other on each.
 *
 * @param closing a new connection for each request
 */
record Wrk(int connections, boolean closing) implements Load {

    private static final int THREADS = 2;
    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final Pattern COUNTED = Pattern.compile("(\\d+) requests in ");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern BROKEN = Pattern.compile("Socket errors: .*");

    @Override
    public boolean isPossible() {
        return Program.WRK.isInstalled();
    }

    @Override
    public String description() {
        return connections + " connections" + (closing ? ", a new one for each request" : "");
    }

    @Override
    public Load gently() {
        return new Wrk(THREADS, closing);
    }

    @Override
    public Outcome run(Target target, Duration length, Bed bed) throws LoadFailure {
        List<String> command = new ArrayList<>(List.of(
                Program.WRK.path(),
                "-t" + THREADS,
                "-c" + connections,
                "-d" + Math.max(1, length.toSeconds()) + "s",
                "-H",
                "Host: " + Bed.SITE));
        if (closing) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        command.add(target.url("127.0.0.1"));
        Child wrk = bed.children().start("wrk", command);
        try {
            // Its last line: without waiting for it the end of the process may overtake the end of the output.
            String unused = wrk.awaitLine("^Transfer/sec:", length.plus(SLACK));
            return parse(wrk.output());
        } catch (AssertionError e) {
            throw new LoadFailure("wrk gave no figures: " + wrk.output(), e);
        } finally {
            wrk.kill();
        }
    }

    /** An error answered quickly must not look like speed: any makes the run invalid. */
    Outcome parse(String output) throws LoadFailure {
        Matcher bad = BAD.matcher(output);
        if (bad.find()) {
            throw new LoadFailure(bad.group(1) + " answers were not 2xx");
        }
        Matcher broken = BROKEN.matcher(output);
        if (broken.find()) {
            throw new LoadFailure(broken.group());
        }
        Matcher counted = COUNTED.matcher(output);
        Matcher rate = RATE.matcher(output);
        if (!counted.find() || !rate.find()) {
            throw new LoadFailure("wrk gave no figures: " + output);
        }
        return Outcome.counted(Long.parseLong(counted.group(1)), Double.parseDouble(rate.group(1)));
    }
}
