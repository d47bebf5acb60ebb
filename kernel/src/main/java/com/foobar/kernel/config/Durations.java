package com.foobar.kernel.config;

import java.time.Duration;

/** Durations as people write them. A bare number is refused, save 0: nobody remembers which unit it was. */
final class Durations {
    static final String EXPECTED = "a duration such as 250ms, 5s, 2m, 1h or 0";

    private Durations() {}

    static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        try {
            long number = Long.parseLong(text.substring(0, digits));
            long millis = Math.multiplyExact(number, millis(text.substring(digits)));
            // Whoever schedules with it counts in nanoseconds; better refused here than overflowing there.
            return Duration.ofNanos(Math.multiplyExact(millis, 1_000_000L));
        } catch (NumberFormatException | ArithmeticException tooLargeOrNoNumber) {
            throw new IllegalArgumentException(EXPECTED, tooLargeOrNoNumber);
        }
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException(EXPECTED);
        };
    }

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        String[] units = {"h", "m", "s"};
        for (String unit : units) {
            if (millis % millis(unit) == 0) {
                return millis / millis(unit) + unit;
            }
        }
        return millis + "ms";
    }
}
