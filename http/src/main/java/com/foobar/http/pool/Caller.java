package com.foobar.http.pool;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request as the pool sees it: the backend its cookie names, the text to hash, and the backends it has already tried. It
 * belongs to one thread at a time.
 */
public final class Caller {
    private static final Backend[] NONE = {};

    private final @Nullable String boundTo;
    private final @Nullable String key;
    private Backend[] tried = NONE;

    /**
     * @param boundTo the backend named by a verified {@link StickyCookie}
     * @param key what source, uri and header hash; without it they fall back to round robin
     */
    public Caller(@Nullable String boundTo, @Nullable String key) {
        this.boundTo = boundTo;
        this.key = key;
    }

    /** A request that is bound to nobody and has nothing to hash. */
    public static Caller anyone() {
        return new Caller(null, null);
    }

    /** Remembers a failed attempt: the next pick goes elsewhere. */
    public void tried(Backend backend) {
        backend.load().retried();
        tried = Arrays.copyOf(tried, tried.length + 1);
        tried[tried.length - 1] = backend;
    }

    boolean hasTried(Backend backend) {
        for (Backend one : tried) {
            if (one.same(backend)) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    String boundTo() {
        return boundTo;
    }

    @Nullable
    String key() {
        return key;
    }
}
