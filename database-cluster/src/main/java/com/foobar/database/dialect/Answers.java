package com.foobar.database.dialect;

import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers as both vendors shape them; what differs is the names of their columns, which are handed in. */
final class Answers {

    private Answers() {}

    /** {@code Variable_name}, {@code Value} rows turned into one row. */
    static Row sideways(List<Row> rows) {
        Map<String, @Nullable String> columns = new HashMap<>();
        rows.forEach(row -> columns.put(row.text("Variable_name"), row.text("Value")));
        return new Row(columns);
    }

    static Optional<Row> first(List<Row> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    static Row only(List<Row> rows) {
        return first(rows).orElseThrow(() -> new IllegalArgumentException("an answer with a row"));
    }

    /** Both name the same columns, but for one word. */
    static Receiver receiver(
            Row row, Receiver.Threads threads, String source, String receiving, String applying, String behind) {
        return new Receiver(
                new HostPort(row.get(source + "_Host").orElse("unknown"), row.number(source + "_Port")),
                link(row.text(receiving)),
                row.on(applying),
                fault(row, "Last_IO_Err"),
                fault(row, "Last_SQL_Err"),
                threads,
                row.get(behind)
                        .filter(text -> text.matches("[0-9]{1,9}"))
                        .map(Long::parseLong)
                        .map(Duration::ofSeconds));
    }

    private static Receiver.Link link(String state) {
        return switch (state) {
            case "Yes" -> Receiver.Link.RUNNING;
            // MariaDB says Preparing before its first attempt.
            case "Connecting", "Preparing" -> Receiver.Link.CONNECTING;
            default -> Receiver.Link.STOPPED;
        };
    }

    private static Optional<Receiver.Fault> fault(Row row, String column) {
        int code = row.number(column + "no");
        return code == 0 ? Optional.empty() : Optional.of(new Receiver.Fault(code, row.text(column + "or")));
    }
}
