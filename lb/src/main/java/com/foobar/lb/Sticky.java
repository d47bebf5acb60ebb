package com.foobar.lb;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.value.Secret;

/** The {@code lb.sticky} section. */
public record Sticky(
        @Doc("The name of the cookie.") @Default("foobar-server") String cookie,
        @Doc("What the cookie is signed with; the same on every balancer.") Secret key) {}
