package com.foobar.database.backup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number of one transaction: domain, the server that wrote it, and its place in the order. */
record Gtid(long domain, long server, long sequence) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,10})-(\\d{1,18})");

    static Optional<Gtid> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Gtid(
                        Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return domain + "-" + server + "-" + sequence;
    }
}
