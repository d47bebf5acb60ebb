package com.foobar.appserver.data;

import com.foobar.kernel.value.Secret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A client's token in a cookie, signed with a key that all application servers share. Not in the HTTP session, because then every read
 * would first have to read the session from somewhere that is not behind, and a client without a session would not see its own write.
 * Signed, because a position far in the future would make each read wait in vain and then burden the primary.
 */
public final class TokenCookie {

    public static final String NAME = "foobar_causal";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST = 512;

    private final SecretKeySpec key;
    private final String cluster;
    private final Duration age;

    /**
     * With the key that all application servers share.
     *
     * @param age a replica that far behind is not read from, so a token need not live longer
     */
    public TokenCookie(Secret key, String cluster, Duration age) {
        this.key = new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.cluster = cluster;
        this.age = age;
    }

    /** The value of a Set-Cookie field. */
    public String field(CausalToken token, boolean secure) {
        return NAME + "=" + value(token) + "; Path=/; Max-Age=" + age.toSeconds() + "; HttpOnly; SameSite=Lax"
                + (secure ? "; Secure" : "");
    }

    String value(CausalToken token) {
        // A comma may not stand in a cookie's value.
        String text = token.toString().replace(',', '_');
        return text + "." + signature(text);
    }

    /** The token, or none at all for a value that we did not sign: that is a stranger's, or an old key's. */
    public Optional<CausalToken> read(@Nullable String value) {
        if (value == null || value.length() > LONGEST) {
            return Optional.empty();
        }
        int dot = value.lastIndexOf('.');
        if (dot < 1) {
            return Optional.empty();
        }
        String text = value.substring(0, dot);
        byte[] given = value.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, signature(text).getBytes(StandardCharsets.UTF_8))) {
            return Optional.empty();
        }
        try {
            return Optional.of(CausalToken.parse(text.replace('_', ',')));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            // The cluster's name is signed too: positions of another cluster mean nothing here.
            mac.update((cluster + "\n").getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
