package com.foobar.appserver.session;

import com.foobar.kernel.value.ByteSize;
import java.io.IOException;

/** More than a session may hold. */
final class SessionTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    SessionTooLarge(ByteSize limit, String culprit) {
        super("the session's attributes take more than " + limit + " (session-size), most of it " + culprit
                + "; keep large things elsewhere, or raise it");
    }
}
