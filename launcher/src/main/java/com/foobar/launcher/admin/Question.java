package com.foobar.launcher.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request to the admin port, as far as it matters. */
record Question(
        String method,
        String path,
        Map<String, String> query,
        @Nullable String authorization,
        @Nullable String accept,
        String body) {

    /** The parameters of a query, of each name the last one. */
    static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new LinkedHashMap<>();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return query;
    }
}
