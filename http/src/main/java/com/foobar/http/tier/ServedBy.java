package com.foobar.http.tier;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;

/** {@code X-Served-By: lb1, web2, app1}: each tier puts its name in front of those behind it. */
public final class ServedBy {
    private static final HttpString HEADER = HttpString.tryFromString("X-Served-By");

    private ServedBy() {}

    public static void sign(HeaderMap responseHeaders, String name) {
        String behind = responseHeaders.getFirst(HEADER);
        responseHeaders.put(HEADER, behind == null ? name : name + ", " + behind);
    }

    /** Keeps to itself what the tiers behind have told. */
    public static void conceal(HeaderMap responseHeaders) {
        responseHeaders.remove(HEADER);
    }
}
