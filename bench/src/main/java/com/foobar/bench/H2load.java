package com.foobar.bench;

import com.foobar.testkit.Child;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As many HTTP/2 requests over TLS as this many connections of this many streams each will carry. */
record H2load(int connections, int streams) implements Load {

    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
    private static final Pattern COUNTED =
            Pattern.compile("status codes: (\\d+) 2xx, (\\d+) 3xx, (\\d+) 4xx, (\\d+) 5xx");
    private static final Pattern FAILED = Pattern.compile("(\\d+) failed, (\\d+) errored, (\\d+) timeout");

    @Override
    public boolean isPossible() {
        return Program.H2LOAD.isInstalled();
    }

    @Override
    public String description() {
        return connections + " connections of " + streams + " streams";
    }

    @Override
    public Outcome run(Target target, Duration length, Bed bed) throws LoadFailure {
        long seconds = Math.max(1, length.toSeconds());
        List<String> command = List.of(
                Program.H2LOAD.path(),
                "-c" + connections,
                "-m" + streams,
                "-D" + seconds,
                "--connect-to=127.0.0.1:" + target.port(),
                target.url(Bed.SITE));
        Child h2load = bed.children().start("h2load", command);
        try {
            String unused = h2load.awaitLine("^req/s ", length.plus(SLACK));
            return parse(h2load.output());
        } catch (AssertionError e) {
            throw new LoadFailure("h2load gave no figures: " + h2load.output(), e);
        } finally {
            h2load.kill();
        }
    }

    Outcome parse(String output) throws LoadFailure {
        if (!output.contains("Application protocol: h2")) {
            throw new LoadFailure("nobody answered, or not in HTTP/2");
        }
        Matcher rate = RATE.matcher(output);
        Matcher counted = COUNTED.matcher(output);
        Matcher failed = FAILED.matcher(output);
        if (!rate.find() || !counted.find() || !failed.find()) {
            throw new LoadFailure("h2load gave no figures: " + output);
        }
        long bad = number(counted, 2) + number(counted, 3) + number(counted, 4) + number(failed, 1);
        if (bad > 0) {
            throw new LoadFailure(bad + " requests failed or were not answered 2xx");
        }
        return Outcome.counted(number(counted, 1), Double.parseDouble(rate.group(1)));
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }
}
