package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** A child process of the test: its output (both streams, in the order written), its signals, its end. */
public final class Child {

    /** A server gone mad may print for ever: the newest lines tell why. */
    private static final int LINES_KEPT = 20_000;

    private static final int LINES_SHOWN = 40;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Duration DEATH = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final String mark;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    /** Guarded by the lock, like the two fields below it. */
    private final Deque<String> lines = new ArrayDeque<>();

    private long printed;
    private boolean outputEnded;

    Child(String name, Process process, String mark) {
        this.name = name;
        this.process = process;
        this.mark = mark;
        Threads.one("child-" + name, "output", this::readOutput).start();
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    public String output() {
        return String.join("\n", lines());
    }

    /**
     * The first line, printed already or still to come, in which the regular expression is found. Fails at once when the
     * child ends without it.
     */
    public String awaitLine(String regex, Duration patience) {
        Pattern pattern = Pattern.compile(regex);
        long left = patience.toNanos();
        long looked = 0;
        lock.lock();
        try {
            while (true) {
                Optional<String> found = find(pattern, looked);
                if (found.isPresent()) {
                    return found.get();
                }
                looked = printed;
                if (outputEnded || left <= 0) {
                    throw new AssertionError(complaint("has not printed /" + regex + "/ within " + patience));
                }
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the child's own end, and for what it printed last, and gives its exit status. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(complaint("has not ended within " + patience));
            }
            awaitLastWords();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** They may still be in the pipe. A grandchild that goes on printing is not waited for. */
    private void awaitLastWords() throws InterruptedException {
        long left = LAST_WORDS.toNanos();
        lock.lock();
        try {
            while (!outputEnded && left > 0) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** To this process alone, not to its children. */
    public void signal(Signal signal) {
        if (!process.isAlive()) {
            throw new AssertionError(complaint("cannot be sent " + signal));
        }
        // The shell's own kill is always there; the program of that name is not in every container.
        String unused =
                Command.run("sh", "-c", "kill -s " + signal + " " + pid()).orFail();
    }

    /** Kills it and everything it started, and waits until they are gone. */
    public void kill() {
        ProcessTree.kill(process.toHandle(), mark, DEATH);
        // The process is gone, but the JVM's own reaper may not have noticed yet, and isAlive() asks the reaper.
        Await.until(name + " is reaped", DEATH, () -> !process.isAlive());
    }

    /** Called with the lock held. */
    private Optional<String> find(Pattern pattern, long from) {
        long dropped = printed - lines.size();
        return lines.stream()
                .skip(Math.max(0, from - dropped))
                .filter(line -> pattern.matcher(line).find())
                .findFirst();
    }

    private void readOutput() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            // The JDK closes the pipe when the child has been killed: the same as its end.
        } finally {
            endOutput();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.addLast(line);
            printed++;
            if (lines.size() > LINES_KEPT) {
                lines.removeFirst();
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void endOutput() {
        lock.lock();
        try {
            outputEnded = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private String complaint(String what) {
        List<String> all = lines();
        String state = process.isAlive() ? "alive" : "ended with " + process.exitValue();
        String last = String.join("\n  ", all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
        return "child " + name + " (pid " + pid() + ", " + state + ") " + what + "; its last lines:\n  " + last;
    }

    private static AssertionError interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for a child process", cause);
    }
}
