package com.foobar.database.keeper;

import com.foobar.database.embedded.LastWill;
import com.foobar.database.embedded.NodeProcess;
import com.foobar.database.embedded.Stopped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child process of ours. */
final class ChildLife implements Life {
    private final NodeProcess process;
    private final Optional<LastWill> will;
    private final CompletableFuture<String> ended;

    ChildLife(NodeProcess process, Optional<LastWill> will) {
        this.process = process;
        this.will = will;
        this.ended = process.onExit().thenApply(exit -> "exit " + exit.code() + ", " + exit.why());
    }

    @Override
    public String mark() {
        return "child " + process.pid();
    }

    @Override
    public boolean runs() {
        return process.isAlive();
    }

    @Override
    public void kill() {
        process.killWithoutWaiting();
    }

    @Override
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        try {
            String unused = ended.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process is no failure", e);
        }
    }

    @Override
    public Stopped stop(Duration deadline) throws InterruptedException {
        return process.stop(deadline);
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    @Override
    public void release() {
        will.ifPresent(LastWill::close);
        process.close();
    }
}
