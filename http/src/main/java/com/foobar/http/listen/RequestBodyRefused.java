package com.foobar.http.listen;

import java.io.IOException;

/**
 * The client's body cannot be taken further: too large, too slow, badly framed. Thrown to whoever reads the request body, so
 * that a transport can tell a client's fault from a backend's.
 */
public final class RequestBodyRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    RequestBodyRefused(Fault fault) {
        super(fault.words());
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    /** A client's fault is ordinary: its trace would say nothing and cost an attacker's choice of time. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
