package com.foobar.http.tier;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.listen.Trust;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tier of this process need not read what the one before it has written, and must know the same as if it had. */
class VisitTest {
    private static final String SELF = "10.0.0.10";
    private static final Trust OURS = peer -> peer.getAddress()[0] == 10;
    private static final long NOW = 4711;

    @ParameterizedTest(name = "{0} said {1} and {2} of {3}")
    @CsvSource({
        "192.0.2.7, , , www.foobar.com",
        "192.0.2.7, 1.2.3.4, , www.foobar.com:8080",
        "192.0.2.7, , , ''",
        "2001:db8::1, , , www.foobar.com",
        "10.0.0.77, , , www.foobar.com",
        "10.0.0.77, 192.0.2.7, https, www.foobar.com",
        "10.0.0.77, '192.0.2.7, 10.0.0.78', https, www.foobar.com"
    })
    void isTheSameWhetherItWasReadOrHandedOver(String client, String forwardedFor, String proto, String host)
            throws Exception {
        HttpServerExchange exchange = exchange(host);
        if (forwardedFor != null) {
            exchange.getRequestHeaders().put(Headers.X_FORWARDED_FOR, forwardedFor);
        }
        if (proto != null) {
            exchange.getRequestHeaders().put(Headers.X_FORWARDED_PROTO, proto);
        }
        Visit visit = Visit.of(exchange, ip(client), OURS, NOW);
        for (int tier = 0; tier < 3; tier++) {
            visit.introduce(exchange);
            Visit read = Visit.of(copied(exchange), ip(SELF), OURS, NOW);
            visit = Visit.of(exchange, ip(SELF), OURS, NOW);
            assertThat(visit.from()).isEqualTo(read.from());
            assertThat(visit.id()).isEqualTo(read.id());
            assertThat(visit.trace().substring(0, 36)).isEqualTo(read.trace().substring(0, 36));
            assertThat(visit.trusted()).isTrue();
        }
    }

    @Test
    void eachTierHasASpanOfItsOwn() throws Exception {
        HttpServerExchange exchange = exchange("www.foobar.com");
        Visit first = Visit.of(exchange, ip("192.0.2.7"), OURS, NOW);
        first.introduce(exchange);
        Visit second = Visit.of(exchange, ip(SELF), OURS, NOW);
        assertThat(second.trace()).isNotEqualTo(first.trace()).hasSize(55);
    }

    @Test
    void aRuleThatChangesAFieldIsNotPassedBy() throws Exception {
        HttpServerExchange exchange = exchange("www.foobar.com");
        Visit.of(exchange, ip("192.0.2.7"), OURS, NOW).introduce(exchange);
        exchange.getRequestHeaders().put(Headers.X_FORWARDED_HOST, "shop.foobar.com");
        assertThat(Visit.of(exchange, ip(SELF), OURS, NOW).host()).isEqualTo("shop.foobar.com");
    }

    @Test
    void aPeerNobodyTrustsIsTheClient() throws Exception {
        HttpServerExchange exchange = exchange("www.foobar.com");
        Visit.of(exchange, ip("192.0.2.7"), OURS, NOW).introduce(exchange);
        assertThat(Visit.of(exchange, ip("192.0.2.8"), OURS, NOW).client()).isEqualTo(ip("192.0.2.8"));
    }

    private static HttpServerExchange exchange(String host) {
        HttpServerExchange exchange = new HttpServerExchange(null);
        exchange.setRequestScheme("http");
        if (!host.isEmpty()) {
            exchange.getRequestHeaders().put(Headers.HOST, host);
        }
        return exchange;
    }

    /** As another process would get it: the fields and nothing else. */
    private static HttpServerExchange copied(HttpServerExchange exchange) {
        HttpServerExchange copy = exchange("");
        HeaderMap headers = exchange.getRequestHeaders();
        for (HttpString name : headers.getHeaderNames()) {
            HeaderValues values = headers.get(name);
            copy.getRequestHeaders().putAll(name, values);
        }
        return copy;
    }

    private static InetAddress ip(String text) throws Exception {
        return InetAddress.getByName(text);
    }
}
