package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.container.RequestHook;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request from its client's cookie to the cookie its client gets; no database is asked. */
class DataHookTest {
    private static final TokenCookie COOKIE = new TokenCookie(Secret.parse("shared"), "foobar", Duration.ofHours(1));
    private static final CausalToken EARLIER = CausalToken.parse("0-1-10");
    private static final CausalToken LATER = CausalToken.parse("0-1-11");

    private final ManualTime time = new ManualTime();
    private final Account nobody = new Account("nobody", Secret.parse("nothing"));
    private final RoutingDataSource source = new RoutingDataSource(
            "app1",
            new Accounts("app", nobody, nobody, Optional.empty()),
            TestSettings.plain(),
            new ToldTopology("foobar", time),
            time);
    private final DataHook hook = new DataHook(source, COOKIE);

    @AfterEach
    void close() {
        RequestScope.leave(null);
        source.close();
    }

    private record Asking(boolean secure, @Nullable String brought) implements RequestHook.Arriving {
        @Override
        public String requestId() {
            return "r-1";
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public @Nullable String cookie(String name) {
            return name.equals(TokenCookie.NAME) ? brought : null;
        }
    }

    private static RequestScope scope() {
        RequestScope scope = RequestScope.current();
        assertThat(scope).isNotNull();
        return scope;
    }

    private static List<String> cookies(RequestHook.Companion companion) {
        List<String> cookies = new ArrayList<>();
        companion.committing(cookies::add);
        return cookies;
    }

    @Test
    void whatTheClientBringsIsItsPositionOnTheThreadsThatWorkForIt() {
        RequestHook.Companion companion = hook.begin(new Asking(false, COOKIE.value(EARLIER)));
        assertThat(RequestScope.current()).as("no thread works for it yet").isNull();
        companion.enter();
        assertThat(scope().token()).isEqualTo(EARLIER);
        assertThat(scope().id()).isEqualTo("r-1");
        companion.leave();
        assertThat(RequestScope.current()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0-1-99", "0-1-99.forged", "."})
    void whatWeDidNotSignIsNoPosition(String forged) {
        RequestHook.Companion companion = hook.begin(new Asking(false, forged));
        companion.enter();
        assertThat(scope().token()).isEqualTo(CausalToken.NONE);
        companion.leave();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void whoWroteGetsItsNewPositionInACookieThatIsAsSafeAsItsWay(boolean https, boolean secure) {
        RequestHook.Companion companion = hook.begin(new Asking(https, COOKIE.value(EARLIER)));
        companion.enter();
        scope().wrote(LATER);
        companion.leave();
        List<String> cookies = cookies(companion);
        assertThat(cookies).hasSize(1);
        String[] parts = cookies.get(0).split("; ", -1);
        assertThat(COOKIE.read(parts[0].substring(TokenCookie.NAME.length() + 1)))
                .contains(LATER);
        assertThat(parts).contains("Path=/", "Max-Age=3600", "HttpOnly", "SameSite=Lax");
        assertThat(List.of(parts).contains("Secure")).isEqualTo(secure);
    }

    /** Otherwise each read would be an answer that no cache may keep. */
    @Test
    void whoOnlyReadGetsNone() {
        RequestHook.Companion companion = hook.begin(new Asking(true, COOKIE.value(LATER)));
        companion.enter();
        scope().wrote(EARLIER);
        companion.leave();
        assertThat(cookies(companion)).isEmpty();
        assertThat(cookies(hook.begin(new Asking(true, null)))).isEmpty();
    }
}
