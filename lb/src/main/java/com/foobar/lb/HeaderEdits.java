package com.foobar.lb;

import com.foobar.lb.rule.Route;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out the header rules of a route; most have none, and that costs nothing. */
final class HeaderEdits {

    private HeaderEdits() {}

    static void request(Route route, HeaderMap headers) {
        edit(headers, route.settings().removeRequestHeaders(), route.settings().setRequestHeaders());
    }

    static void response(@Nullable Route route, HeaderMap headers) {
        if (route != null) {
            edit(
                    headers,
                    route.settings().removeResponseHeaders(),
                    route.settings().setResponseHeaders());
        }
    }

    private static void edit(HeaderMap headers, List<String> remove, Map<String, String> set) {
        for (int i = 0; i < remove.size(); i++) {
            headers.remove(remove.get(i));
        }
        if (!set.isEmpty()) {
            set.forEach((name, value) -> headers.put(HttpString.tryFromString(name), value));
        }
    }
}
