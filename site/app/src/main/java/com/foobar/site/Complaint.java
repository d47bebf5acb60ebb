package com.foobar.site;

import jakarta.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What is wrong with a request, or with the server's day, in words for the one who asked. */
final class Complaint extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int UNPROCESSABLE = 422;

    private final int status;
    private final String code;

    private Complaint(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    static Complaint badRequest(String detail) {
        return new Complaint(HttpServletResponse.SC_BAD_REQUEST, "bad-request", detail);
    }

    static Complaint forbidden(String detail) {
        return new Complaint(HttpServletResponse.SC_FORBIDDEN, "forbidden", detail);
    }

    static Complaint notFound(String detail) {
        return new Complaint(HttpServletResponse.SC_NOT_FOUND, "not-found", detail);
    }

    static Complaint tooLarge(String detail) {
        return new Complaint(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "too-large", detail);
    }

    static Complaint wrongType(String detail) {
        return new Complaint(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, "wrong-type", detail);
    }

    static Complaint keyReused(String detail) {
        return new Complaint(UNPROCESSABLE, "key-reused", detail);
    }

    static Complaint unavailable(String detail) {
        return new Complaint(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "unavailable", detail);
    }

    /** The entry may have been written or not. */
    static Complaint unknown(String detail) {
        return new Complaint(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "unknown", detail);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    void answer(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", "1");
        }
        Answers.json(
                response,
                Json.createObjectBuilder()
                        .add("error", code)
                        .add("detail", String.valueOf(getMessage()))
                        .build());
    }
}
