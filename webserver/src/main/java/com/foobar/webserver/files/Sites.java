package com.foobar.webserver.files;

import com.foobar.webserver.answer.SiteHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sites of a web server by host. Immutable; a reload makes a new one. */
public final class Sites {
    private static final String EVERY = "*";
    private static final int MOST_SPELLINGS = 256;

    private final Map<String, Site> byName = new LinkedHashMap<>();
    private final Map<String, Site> exact = new HashMap<>();

    /** Without their star ({@code .example.com}). */
    private final Map<String, Site> wild = new HashMap<>();

    /** Fields that were not written as ours are, mostly by naming the port, and led to a site all the same. */
    private final Map<String, Site> spelled = new ConcurrentHashMap<>();

    private final List<String> suffixes;
    private final @Nullable Site every;

    private Sites(Map<String, SiteSettings> settings, @Nullable Sites before) {
        settings.forEach((name, one) -> {
            Site old = before == null ? null : before.byName.get(name);
            Site site = old != null && old.settings().equals(one) ? old : new Site(name, one);
            byName.put(name, site);
            for (String host : one.hosts()) {
                add(host, site);
            }
        });
        suffixes = wild.keySet().stream()
                .sorted(Comparator.comparingInt(suffix -> -suffix.length()))
                .toList();
        every = exact.remove(EVERY);
    }

    private void add(String host, Site site) {
        String pattern = SiteHost.pattern(host);
        if (pattern == null) {
            throw new IllegalArgumentException("given " + host + ", expected a host without port");
        }
        boolean star = pattern.startsWith("*.");
        Site unused = star ? wild.putIfAbsent(pattern.substring(1), site) : exact.putIfAbsent(pattern, site);
    }

    /** The sites in the order of the file; of two for one host the first has it. */
    public static Sites of(Map<String, SiteSettings> settings) {
        return new Sites(settings, null);
    }

    /** The same for a reload: a site that did not change keeps what is cached of it. */
    public Sites with(Map<String, SiteSettings> changed) {
        return new Sites(changed, this);
    }

    /** Null for a host nobody knows. */
    @Nullable
    Site of(@Nullable String hostField) {
        if (hostField == null) {
            return every;
        }
        Site known = exact.get(hostField);
        if (known == null) {
            known = spelled.get(hostField);
        }
        return known != null ? known : remembered(hostField, search(hostField));
    }

    /** Clients choose what they write, so only so much is remembered. */
    private @Nullable Site remembered(String hostField, @Nullable Site found) {
        if (found != null && spelled.size() < MOST_SPELLINGS) {
            spelled.put(hostField, found);
        }
        return found;
    }

    private @Nullable Site search(String hostField) {
        String host = SiteHost.of(hostField);
        if (host == null) {
            return every;
        }
        Site known = exact.get(host);
        for (int i = 0; known == null && i < suffixes.size(); i++) {
            String suffix = suffixes.get(i);
            if (host.length() > suffix.length() && host.endsWith(suffix)) {
                known = wild.get(suffix);
            }
        }
        return known != null ? known : every;
    }

    Collection<Site> all() {
        return byName.values();
    }

    /** What keeps a site from being served, in words for the operator: for readiness and {@code check}. Empty when nothing. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Site site : byName.values()) {
            Path root = site.sandbox().root();
            if (!Files.isDirectory(root)) {
                problems.add(
                        "site " + site.name() + ": root " + root + " is no folder; create it or correct the key root");
            } else if (!Files.isReadable(root) || !Files.isExecutable(root)) {
                problems.add("site " + site.name() + ": root " + root + " cannot be read by "
                        + System.getProperty("user.name") + "; give it read and search permission");
            }
        }
        return problems;
    }
}
