package com.foobar.http.pool;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The value of the cookie that binds a client to a backend: the backend's name and a keyed hash of it, so that a client can
 * neither choose its server nor probe for names. One key may serve many pools; a cookie of one is worthless in another.
 */
public final class StickyCookie {
    private static final int TAG_BYTES = 16;
    private static final int MIN_KEY_BYTES = 16;
    private static final int MAX_VALUE = 256;

    private final String pool;
    private final SecretKeySpec key;

    public StickyCookie(String pool, byte[] key) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException("pool " + pool + ": a cookie key of " + key.length
                    + " bytes is too short; give at least " + MIN_KEY_BYTES + " random ones");
        }
        this.pool = pool;
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** The cookie's value for this backend. */
    public String value(String backend) {
        return backend + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(tag(backend));
    }

    /** The backend a value names; null if this pool did not make it. Whether that backend still exists is the pool's question. */
    public @Nullable String backend(String value) {
        int dot = value.lastIndexOf('.');
        if (dot < 1 || value.length() > MAX_VALUE) {
            return null;
        }
        byte[] given;
        try {
            given = Base64.getUrlDecoder().decode(value.substring(dot + 1));
        } catch (IllegalArgumentException rubbish) {
            return null;
        }
        String backend = value.substring(0, dot);
        // Constant time: a comparison that stops at the first difference tells a patient client the right tag byte by
        // byte.
        return MessageDigest.isEqual(given, tag(backend)) ? backend : null;
    }

    private byte[] tag(String backend) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update(pool.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(backend.getBytes(StandardCharsets.UTF_8)), TAG_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no " + key.getAlgorithm(), impossible);
        }
    }
}
