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
    private final BlockingQueue<Order> waiting = new LinkedBlockingQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread runner;
    private volatile String reason = "";

    /** What is asked. */
    public sealed interface Order {
        record Stop(String reason) implements Order {}

        record Reload(CompletableFuture<ReloadAnswer> answer) implements Order {}
    }

    /** @param runner the thread that starts, reloads and stops; a stop during the start interrupts it */
    public Orders(Thread runner) {
        this.runner = runner;
    }

    /** Returns false when a stop is under way already: then whoever asks again means it. */
    public boolean stop(String why) {
        if (!stopped.compareAndSet(false, true)) {
            return false;
        }
        reason = why;
        runner.interrupt();
        return true;
    }

    public CompletableFuture<ReloadAnswer> reload() {
        Order.Reload order = new Order.Reload(new CompletableFuture<>());
        if (stopped.get()) {
            order.answer().complete(ReloadAnswer.refused("the process is stopping"));
        } else {
            waiting.add(order);
        }
        return order.answer();
    }

    /** Called by the runner. Interrupts have done their work when this returns a stop. */
    Order next() {
        while (!stopped.get()) {
            try {
                return waiting.take();
            } catch (InterruptedException woken) {
                // Only a stop interrupts; the loop's condition says whether it was one.
            }
        }
        // A late interrupt would cut the stop short.
        Thread.interrupted();
        waiting.forEach(order -> {
            if (order instanceof Order.Reload reload) {
                reload.answer().complete(ReloadAnswer.refused("the process is stopping"));
            }
        });
        return new Order.Stop(reason);
    }

    public boolean isStopping() {
        return stopped.get();
    }
}
