package com.foobar.webserver.answer;

import java.time.DateTimeException;
import java.time.LocalDate;

/** The dates of HTTP in seconds since 1970: written in the one form, read in all three (RFC 9110, 5.6.7). */
public final class HttpDate {

    /** What was read is no date. */
    public static final long NONE = Long.MIN_VALUE;

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final int DAY_SECONDS = 86_400;

    /** Years of two digits: those up to here are of this century. The format died with the last one. */
    private static final int PIVOT = 70;

    private HttpDate() {}

    public static String format(long epochSecond) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, DAY_SECONDS));
        int second = (int) Math.floorMod(epochSecond, (long) DAY_SECONDS);
        StringBuilder out = new StringBuilder(29);
        int day = (date.getDayOfWeek().getValue() - 1) * 3;
        int month = (date.getMonthValue() - 1) * 3;
        out.append(DAYS, day, day + 3).append(", ");
        two(out, date.getDayOfMonth()).append(' ').append(MONTHS, month, month + 3);
        out.append(' ');
        two(two(out, date.getYear() / 100), date.getYear() % 100).append(' ');
        two(out, second / 3600).append(':');
        two(out, second / 60 % 60).append(':');
        return two(out, second % 60).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Or {@link #NONE}. */
    public static long parse(String given) {
        String text = given.trim();
        int comma = text.indexOf(',');
        if (comma == 3 && text.length() == 29 && text.endsWith(" GMT") && text.charAt(4) == ' ') {
            return at(number(text, 12, 16), month(text, 8), number(text, 5, 7), text, 17);
        }
        if (comma > 3 && text.length() == comma + 24 && text.endsWith(" GMT") && text.charAt(comma + 1) == ' ') {
            int year = number(text, comma + 9, comma + 11);
            int full = year < 0 ? -1 : year < PIVOT ? 2000 + year : 1900 + year;
            return at(full, month(text, comma + 5), number(text, comma + 2, comma + 4), text, comma + 12);
        }
        // asctime; its day is one letter after two blanks, or after one where somebody on the way has tidied up.
        int time = text.length() - 13;
        if (comma < 0 && (time == 10 || time == 11) && text.charAt(3) == ' ') {
            int day = text.charAt(8) == ' ' ? 9 : 8;
            return at(number(text, time + 9, time + 13), month(text, 4), number(text, day, time - 1), text, time);
        }
        return NONE;
    }

    private static long at(int year, int month, int day, String text, int time) {
        int hour = number(text, time, time + 2);
        int minute = number(text, time + 3, time + 5);
        int second = number(text, time + 6, time + 8);
        boolean colons = text.charAt(time + 2) == ':' && text.charAt(time + 5) == ':';
        if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || !colons) {
            return NONE;
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            return days * DAY_SECONDS + hour * 3600L + minute * 60L + second;
        } catch (DateTimeException noSuchDay) {
            return NONE;
        }
    }

    private static int month(String text, int from) {
        int at = MONTHS.indexOf(text.substring(from, from + 3));
        return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = value * 10 + digit - '0';
        }
        return value;
    }
}
