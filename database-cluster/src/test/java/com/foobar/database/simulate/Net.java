package com.foobar.database.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** Messages between places, late, lost and twice. A place is a number; links are cut per direction. */
final class Net {
    private record Letter(long due, long order, int from, int to, Runnable content) {}

    private final PriorityQueue<Letter> letters =
            new PriorityQueue<>(Comparator.comparingLong(Letter::due).thenComparingLong(Letter::order));
    private final Random random;
    private final long[][] cutUntil;
    private final long[] frozenUntil;
    private long order;
    private boolean calm;

    Net(int places, Random random) {
        this.random = random;
        this.cutUntil = new long[places][places];
        this.frozenUntil = new long[places];
    }

    void calm() {
        calm = true;
        for (long[] row : cutUntil) {
            java.util.Arrays.fill(row, 0);
        }
        java.util.Arrays.fill(frozenUntil, 0);
    }

    void cut(int from, int to, long until) {
        cutUntil[from][to] = until;
    }

    /** The whole place stands still, its clock does not. */
    void freeze(int place, long until) {
        frozenUntil[place] = until;
    }

    boolean frozen(int place, long now) {
        return frozenUntil[place] > now;
    }

    boolean open(int from, int to, long now) {
        return from == to || cutUntil[from][to] <= now;
    }

    void send(long now, int from, int to, Runnable content) {
        if (!open(from, to, now)) {
            return;
        }
        int luck = calm ? 1000 : random.nextInt(1000);
        if (luck < 8) {
            return;
        }
        letters.add(new Letter(now + delay(luck), order++, from, to, content));
        if (luck >= 990 && luck < 1000) {
            letters.add(new Letter(now + delay(luck) + random.nextInt(3000), order++, from, to, content));
        }
    }

    private long delay(int luck) {
        return luck < 25 ? 20 + random.nextInt(2000) : 1 + random.nextInt(9);
    }

    void deliver(long now) {
        while (!letters.isEmpty() && letters.peek().due() <= now) {
            Letter letter = letters.poll();
            if (frozen(letter.to(), now)) {
                letters.add(new Letter(
                        frozenUntil[letter.to()] + 1, order++, letter.from(), letter.to(), letter.content()));
            } else if (open(letter.from(), letter.to(), now)) {
                letter.content().run();
            }
        }
    }
}
