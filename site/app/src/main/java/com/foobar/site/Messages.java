package com.foobar.site;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** {@code /api/messages}: the entries, newest first, one of them, and a new one. */
@WebServlet({"/api/messages", "/api/messages/*"})
public final class Messages extends Api {
    private static final long serialVersionUID = 1L;
    private static final int USUAL = 50;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            if (request.getPathInfo() == null) {
                list(request, response);
            } else {
                one(request.getPathInfo().substring(1), response);
            }
        });
    }

    private void list(HttpServletRequest request, HttpServletResponse response)
            throws Complaint, SQLException, IOException {
        long limit = number("limit", request.getParameter("limit"), USUAL, GuestBook.MOST);
        long before = number("before", request.getParameter("before"), Long.MAX_VALUE, Long.MAX_VALUE);
        Page page = Opening.book(getServletContext()).newest((int) limit, before);
        JsonArrayBuilder array = Json.createArrayBuilder();
        page.messages().forEach(message -> array.add(message.toJson()));
        Answers.json(
                response,
                Json.createObjectBuilder()
                        .add("messages", array)
                        .add("node", page.node())
                        .build());
    }

    private void one(String id, HttpServletResponse response) throws Complaint, SQLException, IOException {
        Message message = Opening.book(getServletContext())
                .find(id(id))
                .orElseThrow(() -> Complaint.notFound("there is no entry " + id));
        Answers.json(response, message.toJson());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            if (request.getPathInfo() != null) {
                throw Complaint.notFound("entries are added to /api/messages");
            }
            GuestBook.Written written = Opening.book(getServletContext()).write(Entry.of(request));
            response.setStatus(HttpServletResponse.SC_CREATED);
            response.setHeader("Location", request.getContextPath() + "/api/messages/" + written.id());
            Answers.json(
                    response,
                    Json.createObjectBuilder()
                            .add("id", written.id())
                            .add("again", written.again())
                            .add("node", written.node())
                            .build());
        });
    }

    /** What is no number names no entry. */
    static long id(String text) throws Complaint {
        if (!text.matches("[0-9]{1,18}")) {
            throw Complaint.notFound("there is no entry \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    static long number(String name, @Nullable String text, long usual, long most) throws Complaint {
        if (text == null) {
            return usual;
        }
        long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
        if (number < 1 || number > most) {
            throw Complaint.badRequest(name + " is a number from 1" + (most == Long.MAX_VALUE ? " on" : " to " + most)
                    + ", not \"" + text + "\"");
        }
        return number;
    }
}
