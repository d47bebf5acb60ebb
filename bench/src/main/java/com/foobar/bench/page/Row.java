package com.foobar.bench.page;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One row by its primary key, another one each time, over a connection that says it only reads. */
public final class Row extends HttpServlet {

    /** Keys go from 1 to this. */
    public static final int ROWS = 1000;

    public static final String TABLE = "bench_row";

    /** In which the pool is found where no naming context has one. */
    public static final String ATTRIBUTE = "jdbc/foobar";

    private static final String QUESTION = "SELECT id, text FROM " + TABLE + " WHERE id = ?";
    private static final String NAME = "java:comp/env/" + ATTRIBUTE;
    private static final long serialVersionUID = 1L;

    private transient @Nullable DataSource database;

    @Override
    public void init() {
        Object attribute = getServletContext().getAttribute(ATTRIBUTE);
        database = attribute instanceof DataSource source ? source : named();
    }

    /** Absent where nothing but {@link Hello} is measured. */
    @SuppressWarnings("BanJNDI") // a constant name of the own container only
    private @Nullable DataSource named() {
        try {
            return (DataSource) new InitialContext().lookup(NAME);
        } catch (NamingException none) {
            log(NAME + " is not there: " + none);
            return null;
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        DataSource source = database;
        if (source == null) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "no database");
            return;
        }
        try {
            byte[] body = json(source, 1 + ThreadLocalRandom.current().nextInt(ROWS));
            response.setContentType("application/json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        } catch (SQLException e) {
            log("no row", e);
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "no row: " + e.getMessage());
        }
    }

    private static byte[] json(DataSource source, int id) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            try (PreparedStatement question = connection.prepareStatement(QUESTION)) {
                question.setInt(1, id);
                try (ResultSet answer = question.executeQuery()) {
                    if (!answer.next()) {
                        throw new SQLException("no row " + id + " in " + TABLE);
                    }
                    String text = "{\"id\":" + answer.getInt(1) + ",\"text\":\"" + answer.getString(2) + "\"}\n";
                    return text.getBytes(StandardCharsets.UTF_8);
                }
            }
        }
    }
}
