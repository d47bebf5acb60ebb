package com.foobar.appserver.data;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** PURE: the little that has to be known of a statement's text: its first words. In doubt a statement writes. */
enum SqlText {
    READ,
    /** Changes rows; lost before the commit it is undone. */
    CHANGE,
    /** Changes something and may commit by itself; lost, nobody knows. */
    DEFINE,
    COMMIT,
    ROLLBACK,
    READ_ONLY_TRANSACTION,
    READ_WRITE_TRANSACTION,
    BEGIN,
    BEGIN_READ_ONLY,
    /** Says something about the connection only. */
    SESSION;

    private static final Pattern COMMENT =
            Pattern.compile("\\G\\s*(/\\*(?!!).*?\\*/|--\\s[^\\n]*\\n|#[^\\n]*\\n)", Pattern.DOTALL);
    private static final Set<String> READS = Set.of("SELECT", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "VALUES", "TABLE");
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "WITH");
    private static final int LONGEST_PHRASE = 120;

    /** Applications say the same few things again and again; one that never repeats itself must not fill the memory. */
    private static final Map<String, SqlText> KNOWN = new ConcurrentHashMap<>();

    private static final int MOST_KNOWN = 1_000;
    private static final int LONGEST_KNOWN = 2_000;

    static SqlText of(String sql) {
        SqlText known = KNOWN.get(sql);
        if (known != null) {
            return known;
        }
        SqlText read = read(sql);
        if (sql.length() <= LONGEST_KNOWN) {
            if (KNOWN.size() >= MOST_KNOWN) {
                KNOWN.clear();
            }
            KNOWN.put(sql, read);
        }
        return read;
    }

    private static SqlText read(String sql) {
        int start = COMMENT.matcher(sql)
                .results()
                .mapToInt(comment -> comment.end())
                .max()
                .orElse(0);
        String words = sql.substring(start, Math.min(sql.length(), start + LONGEST_PHRASE))
                .strip()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[\\s;]+", " ")
                .replaceFirst("^[( ]+", "")
                .strip();
        String first = words.split("[ (*]", 2)[0];
        if (READS.contains(first)) {
            return READ;
        }
        if (CHANGES.contains(first)) {
            return CHANGE;
        }
        return switch (first) {
            case "COMMIT" -> COMMIT;
            case "ROLLBACK" -> words.contains(" TO ") ? SESSION : ROLLBACK;
            case "BEGIN" -> BEGIN;
            case "START" -> words.contains("READ ONLY") ? BEGIN_READ_ONLY : BEGIN;
            case "SET" -> set(words);
            case "USE", "SAVEPOINT", "RELEASE" -> SESSION;
            default -> DEFINE;
        };
    }

    private static SqlText set(String words) {
        if (words.matches("SET (SESSION |LOCAL )?TRANSACTION .*READ ONLY.*")) {
            return READ_ONLY_TRANSACTION;
        }
        return words.matches("SET (SESSION |LOCAL )?TRANSACTION .*READ WRITE.*") ? READ_WRITE_TRANSACTION : SESSION;
    }
}
