package com.foobar.appserver.session;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Sessions can neither be read nor written at present; the request gets a 503. An error, against all custom, because Jetty logs and
 * forgets every exception of a session store: the client would find itself logged out, or its change lost behind a success.
 */
final class SessionsAway extends Error implements HttpException {
    private static final long serialVersionUID = 1L;

    private final int status;

    private SessionsAway(String message, Throwable cause, int status) {
        super(message, cause);
        this.status = status;
    }

    static SessionsAway away(Throwable cause) {
        return new SessionsAway(
                "sessions are not available: " + cause.getMessage(), cause, HttpStatus.SERVICE_UNAVAILABLE_503);
    }

    /** It is the application's own doing, and will be so again. */
    static SessionsAway refused(Throwable cause) {
        return new SessionsAway(String.valueOf(cause.getMessage()), cause, HttpStatus.INTERNAL_SERVER_ERROR_500);
    }

    @Override
    public int getCode() {
        return status;
    }

    @Override
    public String getReason() {
        return "the session could not be " + (status == HttpStatus.SERVICE_UNAVAILABLE_503 ? "reached" : "kept");
    }
}
