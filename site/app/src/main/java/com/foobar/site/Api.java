package com.foobar.site;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;

/** What all of the interface have in common: a complaint becomes an answer, and so does a database that fails. */
abstract class Api extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** A connection that was lost (08S01), or a transaction of which nobody knows how it ended (08007). */
    private static final Set<String> UNKNOWN = Set.of("08007", "08S01");

    /** One request. */
    interface Work {
        void run() throws Complaint, SQLException, IOException;
    }

    void answering(HttpServletRequest request, HttpServletResponse response, Work work) throws IOException {
        try {
            work.run();
        } catch (Complaint complaint) {
            complaint.answer(response);
        } catch (SQLException e) {
            log(request.getMethod() + " " + request.getRequestURI() + ": " + e.getMessage(), e);
            complaint(e).answer(response);
        }
    }

    static Complaint complaint(SQLException e) {
        if (UNKNOWN.contains(String.valueOf(e.getSQLState()))) {
            return Complaint.unknown(
                    "the connection to the database was lost on the way: what was to be written may have been written"
                            + " or not; send it again with the same Idempotency-Key, and it is written once");
        }
        return Complaint.unavailable("the database cannot answer at this moment; nothing was written");
    }
}
