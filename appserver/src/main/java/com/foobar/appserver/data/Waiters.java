package com.foobar.appserver.data;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for a connection of one pool. HikariCP lets them wait to the end though the pool has been given up; here they are sent away. */
final class Waiters {

    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

    /** One thread, once. The lock keeps the interrupt from coming when it no longer waits. */
    static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private boolean gone;
        private boolean sentAway;

        private synchronized void sendAway() {
            if (!gone) {
                sentAway = true;
                thread.interrupt();
            }
        }

        private synchronized boolean goes() {
            gone = true;
            if (sentAway) {
                boolean unused = Thread.interrupted();
            }
            return sentAway;
        }
    }

    /** On the thread that will wait, which calls {@link #leave} in the end. */
    Waiter enter() {
        Waiter waiter = new Waiter();
        waiting.add(waiter);
        return waiter;
    }

    /** Returns whether it was sent away; its thread is not interrupted any more. */
    boolean leave(Waiter waiter) {
        waiting.remove(waiter);
        return waiter.goes();
    }

    void sendAway() {
        waiting.forEach(Waiter::sendAway);
    }
}
