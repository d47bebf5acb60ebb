package com.foobar.http.transport;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The fields that are between two neighbours only (RFC 9110, 7.6.1) and end here. */
final class HopByHop {
    private static final Set<HttpString> NAMES = Set.of(
            Headers.CONNECTION,
            Headers.KEEP_ALIVE,
            Headers.PROXY_AUTHENTICATE,
            Headers.PROXY_AUTHORIZATION,
            new HttpString("Proxy-Connection"),
            Headers.TE,
            Headers.TRANSFER_ENCODING,
            Headers.UPGRADE);
    // Nobody may smuggle away what decides where a message ends or whom it is for by naming it in Connection.
    private static final Set<HttpString> UNNAMEABLE =
            Set.of(Headers.CONTENT_LENGTH, Headers.HOST, Headers.AUTHORIZATION, Headers.COOKIE, Headers.SET_COOKIE);
    private static final Set<HttpString> NOT_IN_TRAILERS = Set.of(
            Headers.CONTENT_LENGTH,
            Headers.HOST,
            Headers.AUTHORIZATION,
            Headers.SET_COOKIE,
            Headers.COOKIE,
            Headers.CONTENT_TYPE,
            Headers.CONTENT_ENCODING,
            Headers.CONTENT_RANGE,
            Headers.CACHE_CONTROL,
            Headers.LOCATION);

    private HopByHop() {}

    static boolean is(HttpString name) {
        return NAMES.contains(name);
    }

    static boolean allowedInTrailers(HttpString name) {
        return !NAMES.contains(name) && !NOT_IN_TRAILERS.contains(name);
    }

    /** The further fields that Connection names. */
    static List<HttpString> named(HeaderMap headers) {
        HeaderValues values = headers.get(Headers.CONNECTION);
        if (values == null) {
            return List.of();
        }
        List<HttpString> named = List.of();
        for (int i = 0; i < values.size(); i++) {
            named = named(values.get(i), named);
        }
        return named;
    }

    /** As above for one value, added to what was found before. */
    static List<HttpString> named(String value, List<HttpString> before) {
        // The two usual values need neither splitting nor a list.
        if (value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
            return before;
        }
        List<HttpString> named = new ArrayList<>(before);
        for (String token : value.split(",", -1)) {
            HttpString name = HttpString.tryFromString(token.strip());
            if (name.length() > 0 && !UNNAMEABLE.contains(name)) {
                named.add(name);
            }
        }
        return named;
    }

    /** Whether a comma-separated list has this lower-case token. */
    static boolean hasToken(HeaderMap headers, HttpString field, String token) {
        HeaderValues values = headers.get(field);
        if (values == null) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            if (hasToken(values.get(i), token)) {
                return true;
            }
        }
        return false;
    }

    static boolean hasToken(String list, String token) {
        if (list.equalsIgnoreCase(token)) {
            return true;
        }
        if (list.indexOf(',') < 0 && list.indexOf(';') < 0) {
            return list.strip().equalsIgnoreCase(token);
        }
        for (String one : list.split(",", -1)) {
            int semicolon = one.indexOf(';');
            String name = semicolon < 0 ? one : one.substring(0, semicolon);
            if (name.strip().toLowerCase(Locale.ROOT).equals(token)) {
                return true;
            }
        }
        return false;
    }
}
