package com.foobar.http.forward;

import com.foobar.http.transport.Cause;

/** Who ended a request, and how: the reason code of the access log. */
public enum Ending {
    COMPLETE(Who.NOBODY),
    CLIENT_GONE(Who.CLIENT),
    CLIENT_STALLED(Who.CLIENT),
    REQUEST_UNFIT(Who.CLIENT),
    REQUEST_TOO_LARGE(Who.CLIENT),
    NO_BACKEND(Who.BALANCER),
    QUEUE_FULL(Who.BALANCER),
    QUEUE_TIMEOUT(Who.BALANCER),
    DEADLINE(Who.BALANCER),
    FAULT(Who.BALANCER),
    BACKEND_REFUSED(Who.BACKEND),
    BACKEND_CONNECT_TIMEOUT(Who.BACKEND),
    BACKEND_TIMEOUT(Who.BACKEND),
    BACKEND_BROKE(Who.BACKEND),
    BACKEND_GARBAGE(Who.BACKEND);

    /** Whose doing it was. */
    public enum Who {
        NOBODY,
        CLIENT,
        BALANCER,
        BACKEND
    }

    private final Who who;

    Ending(Who who) {
        this.who = who;
    }

    public Who who() {
        return who;
    }

    static Ending of(Cause cause) {
        return switch (cause) {
            case NONE -> COMPLETE;
            case REFUSED -> BACKEND_REFUSED;
            case CONNECT_TIMEOUT -> BACKEND_CONNECT_TIMEOUT;
            case TIMEOUT -> BACKEND_TIMEOUT;
            case DEADLINE -> DEADLINE;
            case RESET -> BACKEND_BROKE;
            case GARBAGE -> BACKEND_GARBAGE;
            case CLIENT_GONE -> CLIENT_GONE;
            case CLIENT_STALLED -> CLIENT_STALLED;
            case REQUEST_UNFIT -> REQUEST_UNFIT;
            case REQUEST_TOO_LARGE -> REQUEST_TOO_LARGE;
            case FAULT -> FAULT;
        };
    }
}
