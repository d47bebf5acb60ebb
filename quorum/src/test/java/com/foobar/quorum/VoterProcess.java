package com.foobar.quorum;

import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A voter in a JVM of its own that asks for a confirmation again and again, and prints each with its times; the monotonic clock of Linux is
 * one for all processes. Arguments: name, folder, then NAME=HOST:PORT of every voter.
 */
final class VoterProcess {

    private VoterProcess() {}

    public static void main(String[] arguments) throws Exception {
        long born = System.currentTimeMillis()
                - ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        long began = System.nanoTime();
        Voters.quiet();
        Map<String, HostPort> voters = new TreeMap<>();
        Arrays.stream(arguments)
                .skip(2)
                .map(word -> word.split("=", 2))
                .forEach(pair -> voters.put(pair[0], HostPort.parse(pair[1])));
        SystemTime time = new SystemTime(arguments[0]);
        VoterSettings settings = VoterSettings.of("orders", arguments[0], voters, Path.of(arguments[1]));
        RatisQuorum voter = RatisQuorum.start(settings, time);
        say("UP after " + millis(System.nanoTime() - began) + " ms, JVM " + born);
        while (true) {
            ask(voter, began);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static void ask(RatisQuorum voter, long began) {
        if (!voter.standing().leads()) {
            return;
        }
        try {
            Confirmed confirmed = Voters.confirm(voter);
            long now = System.nanoTime();
            say("CONFIRMED " + confirmed.term() + " " + confirmed.askedNanos() + " " + now + " after "
                    + millis(now - began) + " ms");
        } catch (ExecutionException refused) {
            say("REFUSED " + refused.getCause().getMessage());
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
