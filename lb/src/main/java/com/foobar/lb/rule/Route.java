package com.foobar.lb.rule;

import org.jspecify.annotations.Nullable;

/**
 * One route, ready for use. A request keeps the route it was matched to until it ends: after a reload it has to leave the
 * counter it entered. The order to ask in: access, maintenance, redirect, rate, concurrency.
 */
public final class Route {
    /** The name of the one that takes what no other does; no key in a file can be called so. */
    static final String DEFAULT = "(default)";

    private final String name;
    private final RouteSettings settings;
    private final Access access;
    private final @Nullable Redirect redirect;
    private final @Nullable AddressRate rate;
    private final Concurrency concurrency;

    Route(String name, RouteSettings settings, int httpsPort, @Nullable Route before) {
        this.name = name;
        this.settings = settings;
        this.access = Access.of(settings.allow(), settings.deny());
        this.redirect = settings.redirect()
                .map(target -> new Redirect(target, settings.path(), settings.redirectStatus(), httpsPort))
                .orElse(null);
        RouteSettings old = before == null ? null : before.settings;
        boolean sameRate =
                old != null && old.rate().equals(settings.rate()) && old.burst().equals(settings.burst());
        // A reload that leaves the limit alone must not hand every client a new burst, nor forget who is inside.
        this.rate = before != null && sameRate ? before.rate : rate(settings);
        this.concurrency = before != null && before.settings.concurrent() == settings.concurrent()
                ? before.concurrency
                : new Concurrency(settings.concurrent());
    }

    private static @Nullable AddressRate rate(RouteSettings settings) {
        return settings.rate()
                .map(limit -> new AddressRate(limit, settings.effectiveBurst(limit)))
                .orElse(null);
    }

    public String name() {
        return name;
    }

    public RouteSettings settings() {
        return settings;
    }

    public Access access() {
        return access;
    }

    /** Null when requests are answered here. */
    public @Nullable Redirect redirect() {
        return redirect;
    }

    /** Null when there is no limit. */
    public @Nullable AddressRate rate() {
        return rate;
    }

    public Concurrency concurrency() {
        return concurrency;
    }

    @Override
    public String toString() {
        return name;
    }
}
