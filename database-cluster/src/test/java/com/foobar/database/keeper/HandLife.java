package com.foobar.database.keeper;

import com.foobar.database.embedded.Stopped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A server that dies when it is told to and does nothing else. */
final class HandLife implements Life {
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public String mark() {
        return "by hand";
    }

    @Override
    public boolean runs() {
        return !ended.isDone();
    }

    @Override
    public void kill() {
        boolean unused = ended.complete("killed");
    }

    @Override
    public boolean awaitEnd(Duration limit) {
        return ended.isDone();
    }

    @Override
    public Stopped stop(Duration deadline) {
        kill();
        return Stopped.CLEANLY;
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public void release() {
        kill();
    }
}
