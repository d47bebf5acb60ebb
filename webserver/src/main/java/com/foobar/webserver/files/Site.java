package com.foobar.webserver.files;

import com.foobar.webserver.answer.CachePolicy;
import com.foobar.webserver.answer.MediaTypes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A site at work: its settings made ready, and what the cache knows of its paths. */
final class Site {
    private final String name;
    private final SiteSettings settings;
    private final Sandbox sandbox;
    private final MediaTypes types;
    private final CachePolicy policy;
    private final @Nullable String spa;
    private final Map<Integer, String> errors = new HashMap<>();

    /** By the path of the request. The cache bounds it, over all sites. */
    final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Look-ups under way, so that a hundred requests for one new file read it once. */
    final Map<String, CompletableFuture<Entry>> loading = new ConcurrentHashMap<>();

    Site(String name, SiteSettings settings) {
        this.name = name;
        this.settings = settings;
        this.sandbox = new Sandbox(settings.root());
        this.types = MediaTypes.with(settings.types());
        this.policy = new CachePolicy(settings.cacheControl());
        this.spa = settings.spa().map(Site::path).orElse(null);
        settings.errors().forEach((status, page) -> errors.put(Integer.valueOf(status), path(page)));
    }

    private static String path(String page) {
        return page.startsWith("/") ? page : "/" + page;
    }

    String name() {
        return name;
    }

    SiteSettings settings() {
        return settings;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    String type(String fileName) {
        return types.of(fileName);
    }

    String cacheControl(String fileName, String type) {
        return policy.of(fileName, type);
    }

    /** The path of the application's page, or null. */
    @Nullable
    String spa() {
        return spa;
    }

    /** The path of the page for a status, or null. */
    @Nullable
    String errorPage(int status) {
        return errors.get(status);
    }
}
