package com.foobar.lb.rule;

import com.foobar.kernel.value.Alphabet;
import java.time.Duration;

/** How often: {@code 100/s}, {@code 600/m}, {@code 1000/h}. */
public record Rate(int count, Duration per) {
    private static final String EXPECTED = "a rate such as 100/s, 600/m or 1000/h, from 1 to 1000000";
    private static final int MOST = 1_000_000;

    public Rate {
        if (count < 1 || count > MOST || !(per.toSeconds() == 1 || per.toSeconds() == 60 || per.toSeconds() == 3600)) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    public static Rate parse(String text) {
        int slash = text.indexOf('/');
        String digits = text.substring(0, Math.max(0, slash));
        if (digits.isEmpty() || digits.length() > 7 || !Alphabet.DIGITS.spells(digits)) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new Rate(Integer.parseInt(digits), period(text.substring(slash + 1)));
    }

    private static Duration period(String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> throw new IllegalArgumentException(EXPECTED);
        };
    }

    /** Between two requests at this rate; rounded up, so that rounding never lets one more through. */
    Duration interval() {
        return Duration.ofNanos((per.toNanos() + count - 1) / count);
    }

    /** What one second holds, and at least one. */
    int perSecond() {
        return (int) Math.max(1, count / per.toSeconds());
    }

    @Override
    public String toString() {
        return count + (per.toSeconds() == 1 ? "/s" : per.toSeconds() == 60 ? "/m" : "/h");
    }
}
