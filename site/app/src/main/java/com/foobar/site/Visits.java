package com.foobar.site;

import jakarta.json.Json;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** {@code /api/session}: counts how often this visitor asked, in the session, whichever server answers. */
@WebServlet("/api/session")
public final class Visits extends Api {
    private static final long serialVersionUID = 1L;
    private static final String COUNT = "count";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        int count = session.getAttribute(COUNT) instanceof Integer before ? before + 1 : 1;
        session.setAttribute(COUNT, count);
        Answers.json(
                response,
                Json.createObjectBuilder()
                        .add("count", count)
                        .add("new", session.isNew())
                        .build());
    }
}
