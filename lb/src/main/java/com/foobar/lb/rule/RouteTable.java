package com.foobar.lb.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request takes. The routes of the exact host come first, then those of the wildcards that cover it, longest
 * first; among the routes of one pattern the longest path. Falling through to the wildcards is what keeps an {@code allow} on
 * {@code *.example.com/admin} in force for a host that has a route of its own. Immutable; a reload makes a new one.
 */
public final class RouteTable {
    private final Map<String, Route> routes;
    private final Map<String, List<Route>> exact;
    /** Patterns without their star ({@code .example.com}), longest first. */
    private final List<String> suffixes;

    private final Map<String, List<Route>> wild;
    private final Route standard;
    private final Site site;

    private RouteTable(Map<String, RouteSettings> settings, Site site, @Nullable RouteTable before) {
        this.site = site;
        this.standard = new Route(Route.DEFAULT, RouteSettings.NONE, site.httpsPort(), null);
        this.routes = new LinkedHashMap<>();
        Map<String, List<Route>> patterns = new LinkedHashMap<>();
        site.hosts().forEach(host -> patterns.put(pattern(host), new ArrayList<>()));
        settings.forEach((name, one) -> {
            Route route = new Route(name, one, site.httpsPort(), before == null ? null : before.routes.get(name));
            routes.put(name, route);
            hosts(route).forEach(host -> patterns.computeIfAbsent(host, none -> new ArrayList<>())
                    .add(route));
        });
        // The sort is stable: of two with the same path, the first in the file.
        Comparator<Route> longestPath =
                Comparator.comparingInt(route -> -route.settings().path().length());
        patterns.values().forEach(own -> own.sort(longestPath));
        this.suffixes = patterns.keySet().stream()
                .filter(host -> host.startsWith("*"))
                .map(host -> host.substring(1))
                .sorted(Comparator.comparingInt(suffix -> -suffix.length()))
                .toList();
        this.exact = new HashMap<>();
        this.wild = new HashMap<>();
        patterns.forEach((host, own) -> {
            boolean star = host.startsWith("*");
            String key = star ? host.substring(1) : host;
            List<Route> all = new ArrayList<>(own);
            for (String suffix : suffixes) {
                if (key.length() > suffix.length() && key.endsWith(suffix)) {
                    all.addAll(patterns.getOrDefault("*" + suffix, List.of()));
                }
            }
            (star ? wild : exact).put(key, List.copyOf(all));
        });
    }

    /** The routes in the order of the file. */
    public static RouteTable of(Map<String, RouteSettings> routes, Site site) {
        return new RouteTable(routes, site, null);
    }

    /** The same for a reload: limits that did not change go on counting where they were. */
    public RouteTable with(Map<String, RouteSettings> changed, Site where) {
        return new RouteTable(changed, where, this);
    }

    /**
     * The route, or null for a host nobody knows (421). The host as in the request, the path normalised and without query.
     */
    public @Nullable Route match(String host, String path) {
        List<Route> candidates = exact.get(host);
        if (candidates == null) {
            candidates = candidates(host);
            if (candidates == null) {
                return null;
            }
        }
        // By index: an iterator for every request is garbage for every request.
        for (int i = 0; i < candidates.size(); i++) {
            Route route = candidates.get(i);
            if (PathPrefix.covers(route.settings().path(), path)) {
                return route;
            }
        }
        return standard;
    }

    private @Nullable List<Route> candidates(String field) {
        // Most who do not write it as we do only add the port; reading every letter is for the rest.
        String bare = HostName.withoutPort(field);
        List<Route> plain = bare == null ? null : exact.get(bare);
        if (plain != null) {
            return plain;
        }
        String host = HostName.of(field);
        if (host == null) {
            return null;
        }
        List<Route> known = exact.get(host);
        for (int i = 0; known == null && i < suffixes.size(); i++) {
            String suffix = suffixes.get(i);
            if (host.length() > suffix.length() && host.endsWith(suffix)) {
                known = wild.get(suffix);
            }
        }
        return known;
    }

    /** What only the whole table can tell is wrong, in the order of the file; empty when nothing is. */
    public List<String> complaints(Set<String> pools) {
        List<String> complaints = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        for (Route route : routes.values()) {
            RouteSettings settings = route.settings();
            String key = "lb.routes." + route.name();
            if (settings.redirect().isEmpty() && !pools.contains(settings.pool())) {
                complaints.add(key + ".pool: given " + settings.pool() + ", expected one of "
                        + String.join(", ", pools.stream().sorted().toList()));
            }
            if (settings.redirect().filter("https"::equals).isPresent() && site.httpsPort() == 0) {
                complaints.add(key + ".redirect: to https, but lb.https is 0");
            }
            for (String host : hosts(route)) {
                String first = taken.putIfAbsent(host + settings.path(), route.name());
                if (first != null) {
                    complaints.add(key + ": never used, lb.routes." + first + " takes " + host + settings.path());
                }
            }
            if (circles(route)) {
                complaints.add(key + ".redirect: leads back to this route without end");
            }
        }
        return complaints;
    }

    private boolean circles(Route route) {
        String target = route.settings().redirect().orElse("");
        int authority = target.indexOf("://");
        if (target.startsWith("/")) {
            return hosts(route).stream().anyMatch(host -> match(sample(host), target) == route);
        }
        if (authority < 0) {
            return false;
        }
        int slash = target.indexOf('/', authority + 3);
        String host = target.substring(authority + 3, slash < 0 ? target.length() : slash);
        return match(host, slash < 0 ? "/" : target.substring(slash)) == route;
    }

    private static String sample(String pattern) {
        return pattern.startsWith("*") ? "any" + pattern.substring(1) : pattern;
    }

    private Set<String> hosts(Route route) {
        List<String> own = route.settings().hosts();
        Set<String> hosts = new LinkedHashSet<>();
        (own.isEmpty() ? site.hosts() : own).forEach(host -> hosts.add(pattern(host)));
        return hosts;
    }

    private static String pattern(String host) {
        String pattern = HostName.pattern(host);
        if (pattern == null) {
            throw new IllegalArgumentException("given " + host + ", expected a host without port");
        }
        return pattern;
    }
}
