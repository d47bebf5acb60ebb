package com.foobar.launcher.supervise;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the process is asked to do while it runs, one at a time, by the thread that started it. Two reloads at once are two
 * reloads one after the other; a stop goes before both.
 */
public final class Orders {
    private final BlockingQueue<CompletableFuture<ReloadAnswer>> reloads = new LinkedBlockingQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread runner;

    /**
     * Nothing is asked yet.
     *
     * @param runner the thread that starts, reloads and stops; a stop during the start interrupts it
     */
    public Orders(Thread runner) {
        this.runner = runner;
    }

    /** Returns false when a stop is under way already: then whoever asks again means it. */
    public boolean stop() {
        if (!stopped.compareAndSet(false, true)) {
            return false;
        }
        runner.interrupt();
        return true;
    }

    public boolean isStopping() {
        return stopped.get();
    }

    public CompletableFuture<ReloadAnswer> reload() {
        CompletableFuture<ReloadAnswer> answer = new CompletableFuture<>();
        reloads.add(answer);
        if (stopped.get()) {
            refuseAll();
        }
        return answer;
    }

    /** Called by the runner: does what is asked until the stop. */
    public void follow(Reloads doing) {
        while (!stopped.get()) {
            try {
                CompletableFuture<ReloadAnswer> answer = reloads.take();
                answer.complete(doing.reload());
            } catch (InterruptedException woken) {
                // Only a stop interrupts, and the condition of the loop sees it.
            }
        }
        refuseAll();
        // One that came late would cut the stop short.
        Thread.interrupted();
    }

    private void refuseAll() {
        for (CompletableFuture<ReloadAnswer> answer = reloads.poll(); answer != null; answer = reloads.poll()) {
            answer.complete(ReloadAnswer.refused("the process is stopping"));
        }
    }
}
