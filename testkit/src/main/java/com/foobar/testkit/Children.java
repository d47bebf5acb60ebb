package com.foobar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Child processes that never outlive their test: {@link #close} kills each with everything it started, the end of the JVM
 * does the same, and what a killed JVM left is killed by the next one.
 */
public final class Children implements AutoCloseable {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final Runnable atExit = this::killAll;

    public Children() {
        ProcessTree.killStale();
        AtExit.undo(atExit);
    }

    /** A command for the JDK that runs the tests. */
    public static List<String> java(String... arguments) {
        return java(Jdks.running(), arguments);
    }

    public static List<String> java(Jdk jdk, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    public Child start(String name, List<String> command) {
        return start(name, new ProcessBuilder(command));
    }

    /** Folder and environment as the builder says; both output streams are captured together. */
    public Child start(String name, ProcessBuilder builder) {
        String mark = ProcessTree.mark(NUMBERS.incrementAndGet());
        builder.environment().put(ProcessTree.VARIABLE, mark);
        try {
            Child child = new Child(name, builder.redirectErrorStream(true).start(), mark);
            children.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + String.join(" ", builder.command()), e);
        }
    }

    @Override
    public void close() {
        try {
            killAll();
        } finally {
            AtExit.forget(atExit);
        }
    }

    /** All of them even if one resists. */
    private void killAll() {
        AssertionError failure = null;
        for (Child child : children) {
            try {
                child.kill();
            } catch (AssertionError e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
