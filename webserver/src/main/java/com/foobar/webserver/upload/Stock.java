package com.foobar.webserver.upload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all bodies that are held take together; for any thread. */
public final class Stock {
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicInteger held = new AtomicInteger();

    /** Bytes of memory. */
    public long memory() {
        return memory.get();
    }

    /** Bytes in files. */
    public long files() {
        return files.get();
    }

    /** Requests whose bodies are not whole yet. */
    public int waiting() {
        return held.get();
    }

    void begin() {
        held.incrementAndGet();
    }

    void end() {
        held.decrementAndGet();
    }

    /** False when there would be more than allowed, and then nothing was taken. */
    boolean takeMemory(long amount, long limit) {
        return take(memory, amount, limit);
    }

    /** For the little that each request may have however full it is. */
    void addMemory(long bytes) {
        memory.addAndGet(bytes);
    }

    boolean takeFile(long amount, long limit) {
        return take(files, amount, limit);
    }

    void giveBack(long memoryBytes, long fileBytes) {
        memory.addAndGet(-memoryBytes);
        files.addAndGet(-fileBytes);
    }

    private static boolean take(AtomicLong from, long amount, long limit) {
        long now = from.get();
        while (now + amount <= limit) {
            if (from.compareAndSet(now, now + amount)) {
                return true;
            }
            now = from.get();
        }
        return false;
    }
}
