package com.foobar.site;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /guestbook}: the entries as a page made on the server, for those who read without scripts. */
@WebServlet("/guestbook")
public final class GuestBookPage extends Api {
    private static final long serialVersionUID = 1L;
    private static final int ENTRIES = 20;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            long before = Messages.number("before", request.getParameter("before"), Long.MAX_VALUE, Long.MAX_VALUE);
            Page page = Opening.book(getServletContext()).newest(ENTRIES, before);
            request.setAttribute("page", page);
            if (page.messages().size() == ENTRIES) {
                request.setAttribute("older", page.messages().get(ENTRIES - 1).id());
            }
            response.setHeader("Cache-Control", "no-store");
            show(request, response);
        });
    }

    private static void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            request.getRequestDispatcher("/WEB-INF/guestbook.jsp").forward(request, response);
        } catch (ServletException e) {
            throw new IOException("the page could not be made", e);
        }
    }
}
