package com.foobar.http.transport;

import org.jspecify.annotations.Nullable;

/** How far the attempt on one connection has come; one for each connection, begun again for each attempt. */
final class Progress {
    Phase phase = Phase.NOT_CONNECTED;
    int status;
    long sent;
    long received;
    /** When the last byte moved, either way. */
    long lastByte;

    private boolean reused;
    private long began;
    private long connected;
    private long firstByte;
    private long asked;

    void begin(long now) {
        phase = Phase.NOT_CONNECTED;
        status = 0;
        sent = 0;
        received = 0;
        firstByte = 0;
        reused = true;
        began = now;
        connected = now;
        lastByte = now;
        asked = now;
    }

    /** On a new connection. */
    void connected(long now) {
        reused = false;
        connected = now;
        lastByte = now;
        asked = now;
    }

    /** The whole request, a body included, is on its way. */
    void asked(long now) {
        lastByte = now;
        asked = now;
    }

    void received(int bytes, long now) {
        received += bytes;
        lastByte = now;
        if (firstByte == 0) {
            firstByte = now;
        }
    }

    Outcome outcome(Cause cause, String detail, long now, boolean bodyTouched) {
        return new Outcome(
                phase,
                cause,
                status,
                connected - began,
                firstByte == 0 ? 0 : firstByte - began,
                now - began,
                sent,
                received,
                reused && phase != Phase.NOT_CONNECTED,
                bodyTouched,
                detail);
    }

    /** Which limit is passed, if any. */
    @Nullable
    Cause overdue(long now, Errand errand, Upload upload, Download download) {
        Patience patience = errand.patience();
        if (now - errand.deadlineNanos() >= 0) {
            return Cause.DEADLINE;
        }
        if (phase == Phase.NOT_CONNECTED) {
            return now - began >= patience.connect().toNanos() ? Cause.CONNECT_TIMEOUT : null;
        }
        long silent = now - lastByte;
        if (phase.passedOn()) {
            Cause whose = download.blocked() ? Cause.CLIENT_STALLED : Cause.TIMEOUT;
            return silent >= patience.idle().toNanos() ? whose : null;
        }
        if (!upload.finished()) {
            Cause whose = upload.blocked() ? Cause.TIMEOUT : Cause.CLIENT_STALLED;
            return silent >= patience.idle().toNanos() ? whose : null;
        }
        // Not since the last byte: a head that drips would be waited for as long as its sender likes.
        return now - asked >= patience.head().toNanos() ? Cause.TIMEOUT : null;
    }
}
