package com.foobar.kernel.value;

/** A number of bytes, written {@code 16KiB}, {@code 10MB} or plainly {@code 512}. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final String EXPECTED = "a size such as 512, 16KiB, 10MB or 1GiB";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    public static ByteSize parse(String text) {
        int digits = 0;
        while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0 && text.charAt(digits) < 128) {
            digits++;
        }
        try {
            long number = Long.parseLong(text.substring(0, digits));
            return new ByteSize(Math.multiplyExact(number, unit(text.substring(digits))));
        } catch (NumberFormatException | ArithmeticException tooLargeOrNoNumber) {
            throw new IllegalArgumentException(EXPECTED, tooLargeOrNoNumber);
        }
    }

    private static long unit(String name) {
        return switch (name) {
            case "", "B" -> 1L;
            case "kB", "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "TB" -> 1_000_000_000_000L;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            default -> throw new IllegalArgumentException(EXPECTED);
        };
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        String[] names = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < names.length; i++) {
            long unit = 1L << (10 * (names.length - i));
            if (bytes != 0 && bytes % unit == 0) {
                return bytes / unit + names[i];
            }
        }
        return Long.toString(bytes);
    }
}
