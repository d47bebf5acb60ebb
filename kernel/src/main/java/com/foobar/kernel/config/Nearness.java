package com.foobar.kernel.config;

import java.util.Collection;
import java.util.Optional;

/** Which of some names a person probably meant. */
final class Nearness {
    private Nearness() {}

    static Optional<String> nearest(String given, Collection<String> names) {
        String best = null;
        int least = Math.max(1, Math.min(given.length(), 12) / 3) + 1;
        for (String name : names) {
            int distance = distance(given, name, least);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Edits, a swap of neighbours counted as one, because that is how people mistype; gives up at {@code enough}. */
    private static int distance(String a, String b, int enough) {
        if (Math.abs(a.length() - b.length()) >= enough) {
            return enough;
        }
        int[] two = new int[b.length() + 1];
        int[] one = new int[b.length() + 1];
        int[] now = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            one[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(one[j - 1] + change, Math.min(one[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], two[j - 2] + 1);
                }
            }
            int[] spare = two;
            two = one;
            one = now;
            now = spare;
        }
        return one[b.length()];
    }
}
