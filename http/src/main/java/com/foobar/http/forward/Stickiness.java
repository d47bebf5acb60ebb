package com.foobar.http.forward;

import com.foobar.http.pool.StickyCookie;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/** The cookie that binds a client to its backend. */
public record Stickiness(String cookieName, StickyCookie cookie) {

    public Stickiness {
        if (!cookieName.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "sticky cookie '" + cookieName + "': use 1 to 64 letters, digits or the characters _ -");
        }
    }

    @Nullable
    String boundTo(HttpServerExchange exchange) {
        Cookie sent = exchange.getRequestCookie(cookieName);
        String value = sent == null ? null : sent.getValue();
        return value == null ? null : cookie.backend(value);
    }

    void bind(HttpServerExchange exchange, String backend) {
        String secure = "https".equals(exchange.getRequestScheme()) ? "; Secure" : "";
        exchange.getResponseHeaders()
                .add(
                        Headers.SET_COOKIE,
                        cookieName + '=' + cookie.value(backend) + "; Path=/; HttpOnly; SameSite=Lax" + secure);
    }
}
