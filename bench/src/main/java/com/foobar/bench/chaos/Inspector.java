package com.foobar.bench.chaos;

import com.foobar.database.account.Duty;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at the nodes without asking the cluster what it thinks of them, and at what it says of itself when asked for that. */
final class Inspector {
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Station station;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    Inspector(Station station) {
        this.station = station;
    }

    String answer(String question) throws SQLException, IOException, InterruptedException {
        String[] words = question.split(" ", -1);
        return switch (words[0]) {
            case "primary" -> primary();
            case "topology" -> topology(Integer.parseInt(words[1]));
            case "checksum" -> checksum(words[1]);
            case "ids" -> ids(words[1], words[2], station.folder().resolve(words[3]));
            case "restart-receiver" -> restartReceiver(words[1]);
            default -> throw new IllegalArgumentException("nobody asks " + question);
        };
    }

    /** The one node that takes writes and that all others follow and acknowledge to; else why there is none, after a minus. */
    private String primary() {
        List<String> open = new ArrayList<>();
        List<String> following = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String node : station.nodes().keySet()) {
            try (Connection connection = station.connect(node, Duty.MONITOR, BOUND);
                    Statement statement = connection.createStatement()) {
                if (one(statement, "SELECT @@global.read_only", 1).equals("0")) {
                    open.add(node);
                } else if (follows(statement)) {
                    following.add(node);
                } else {
                    rest.add(node + " does not follow");
                }
            } catch (SQLException e) {
                rest.add(node + " " + e.getMessage());
            }
        }
        boolean whole = open.size() == 1 && following.size() == station.nodes().size() - 1;
        return whole ? open.get(0) : "-open " + open + ", following " + following + ", " + rest;
    }

    private static boolean follows(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW SLAVE STATUS")) {
            if (!row.next()
                    || !"Yes".equals(row.getString("Slave_IO_Running"))
                    || !"Yes".equals(row.getString("Slave_SQL_Running"))) {
                return false;
            }
        }
        return one(statement, "SHOW STATUS LIKE 'Rpl_semi_sync_slave_status'", 2)
                .equals("ON");
    }

    private static String one(Statement statement, String sql, int column) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(column)) : "";
        }
    }

    private String topology(int admin) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + station.admins().get(admin) + "/topology"))
                .timeout(BOUND)
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private String checksum(String node) throws SQLException {
        try (Connection connection = station.connect(node, Duty.READER, LONG);
                Statement statement = connection.createStatement()) {
            return one(statement, "CHECKSUM TABLE " + Station.LEDGER, 2);
        }
    }

    private String ids(String node, String table, Path into) throws SQLException, IOException {
        int count = 0;
        try (Connection connection = station.connect(node, Duty.READER, LONG);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM " + table);
                BufferedWriter out = Files.newBufferedWriter(into)) {
            while (rows.next()) {
                out.write(rows.getLong(1) + "\n");
                count++;
            }
        }
        return Integer.toString(count);
    }

    private String restartReceiver(String node) throws SQLException {
        try (Connection connection = station.connect(node, Duty.COORDINATOR, BOUND);
                Statement statement = connection.createStatement()) {
            boolean unused = statement.execute("STOP SLAVE IO_THREAD");
            boolean unusedToo = statement.execute("START SLAVE IO_THREAD");
            return "restarted";
        }
    }
}
