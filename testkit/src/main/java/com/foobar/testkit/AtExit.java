package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What outlives the JVM unless it is undone: undone when the JVM ends, also when the build is cancelled mid-test. */
final class AtExit {

    private static final Set<Runnable> UNDONE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(Threads.one("testkit", "exit", AtExit::undoAll));
    }

    private AtExit() {}

    static void undo(Runnable action) {
        UNDONE.add(action);
    }

    static void forget(Runnable action) {
        UNDONE.remove(action);
    }

    private static void undoAll() {
        for (Runnable action : UNDONE) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                System.err.println("testkit: not everything could be undone at exit: " + e);
            }
        }
    }
}
