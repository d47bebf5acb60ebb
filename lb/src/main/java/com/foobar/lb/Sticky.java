package com.foobar.lb;

import com.foobar.http.forward.Stickiness;
import com.foobar.http.pool.StickyCookie;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.value.Secret;
import java.nio.charset.StandardCharsets;

/** The {@code lb.sticky} section. */
public record Sticky(
        @Doc("The name of the cookie.") @Default("foobar-server") String cookie,
        @Doc("What the cookie is signed with; the same on every balancer.") Secret key) {

    Stickiness of(String pool) {
        return binding(cookie, pool);
    }

    /** For the pool of a tier behind the balancers: it needs a cookie of its own beside theirs. */
    public Stickiness behind(String pool) {
        return binding(cookie + '-' + pool, pool);
    }

    private Stickiness binding(String name, String pool) {
        return new Stickiness(name, new StickyCookie(pool, key.reveal().getBytes(StandardCharsets.UTF_8)));
    }
}
