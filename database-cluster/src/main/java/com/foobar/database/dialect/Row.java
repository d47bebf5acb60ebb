package com.foobar.database.dialect;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One row of an answer: column names, whatever their case, to text. */
public final class Row {
    private final Map<String, @Nullable String> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    public Row(Map<String, @Nullable String> columns) {
        this.columns.putAll(columns);
    }

    /** The text; nothing when it is NULL, empty or no such column: servers of different ages differ in all three. */
    public Optional<String> get(String column) {
        return Optional.ofNullable(columns.get(column)).filter(text -> !text.isEmpty());
    }

    String text(String column) {
        return get(column).orElse("");
    }

    int number(String column) {
        return get(column)
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    boolean on(String column) {
        return get(column)
                .filter(text -> text.equals("1") || text.equalsIgnoreCase("ON") || text.equalsIgnoreCase("Yes"))
                .isPresent();
    }

    @Override
    public String toString() {
        return columns.toString();
    }
}
