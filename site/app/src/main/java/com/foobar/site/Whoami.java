package com.foobar.site;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/whoami}: who took part in answering. The tiers in front say so in {@code Via}, when they are told to. */
@WebServlet("/api/whoami")
public final class Whoami extends Api {
    private static final long serialVersionUID = 1L;

    /** A question to the database. */
    private interface Question {
        String ask(GuestBook book) throws SQLException;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            List<String> proxies = proxies(request.getHeader("Via"));
            Answers.json(
                    response,
                    Json.createObjectBuilder()
                            .add("lb", name(proxies.size() > 1 ? proxies.get(0) : null))
                            .add("webserver", name(proxies.isEmpty() ? null : proxies.get(proxies.size() - 1)))
                            .add("appserver", name(Container.server()))
                            .add("database", database())
                            .build());
        });
    }

    /** What the database cannot tell now is null: this page is looked at most when something is broken. */
    private JsonObjectBuilder database() {
        return Json.createObjectBuilder()
                .add("read", name(answer(GuestBook::reader)))
                .add("write", name(answer(GuestBook::writer)));
    }

    private @Nullable String answer(Question question) {
        try {
            return question.ask(Opening.book(getServletContext()));
        } catch (Complaint | SQLException e) {
            return null;
        }
    }

    private static JsonValue name(@Nullable String name) {
        return name == null ? JsonValue.NULL : Json.createValue(name);
    }

    /** The names in {@code Via: 1.1 lb1, 1.1 web2}. */
    static List<String> proxies(@Nullable String via) {
        if (via == null) {
            return List.of();
        }
        return List.of(via.split(",", -1)).stream()
                .map(hop -> hop.strip().split(" ", -1))
                .filter(words -> words.length > 1)
                .map(words -> words[1])
                .toList();
    }
}
