package com.foobar.lb.rule;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a route sends its clients. What comes from the request is only ever appended behind a host and a slash of ours and
 * escaped, so neither a path such as {@code //evil.com} nor one with line breaks can choose the host or add a header.
 */
public final class Redirect {
    private static final String HTTPS = "https";
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?%";

    private final String target;
    private final String prefix;
    private final int status;
    private final int httpsPort;

    /** The port is the one clients reach HTTPS at. */
    Redirect(String target, String prefix, int status, int httpsPort) {
        this.target = target;
        this.prefix = prefix;
        this.status = status;
        this.httpsPort = httpsPort;
    }

    static boolean legal(String target) {
        if (target.equals(HTTPS) || (target.startsWith("/") && PathPrefix.legal(target))) {
            return true;
        }
        try {
            URI uri = new URI(target);
            boolean web = "http".equals(uri.getScheme()) || HTTPS.equals(uri.getScheme());
            String path = uri.getRawPath();
            return web
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && HostName.of(uri.getHost()) != null
                    && (path == null || path.isEmpty() || PathPrefix.legal(path));
        } catch (URISyntaxException notAUrl) {
            return false;
        }
    }

    public int status() {
        return status;
    }

    /**
     * The Location, or null when the client is where it should be: on HTTPS already. The host may be any that the table
     * matched, with its port; the query has no question mark.
     */
    public @Nullable String location(boolean secure, String host, String path, String query) {
        StringBuilder out = new StringBuilder(128);
        if (target.equals(HTTPS)) {
            String name = HostName.of(host);
            if (secure || name == null) {
                return null;
            }
            out.append("https://").append(name);
            if (httpsPort != 443) {
                out.append(':').append(httpsPort);
            }
            append(out, path.startsWith("/") ? path : "/");
        } else {
            join(out.append(target), path);
        }
        if (!query.isEmpty()) {
            append(out.append('?'), query);
        }
        return out.toString();
    }

    /** Exactly one slash between the two: with none, a request could go on writing our host name. */
    private void join(StringBuilder out, String path) {
        int end = PathPrefix.end(prefix, path);
        int from = end < 0 ? path.length() : end;
        if (from < path.length() && path.charAt(from) == ';') {
            int slash = path.indexOf('/', from);
            from = slash < 0 ? path.length() : slash;
        }
        boolean slash = prefix.endsWith("/") && end > 0;
        while (from < path.length() && (path.charAt(from) == '/' || path.charAt(from) == '\\')) {
            slash = true;
            from++;
        }
        if ((slash || from < path.length()) && out.charAt(out.length() - 1) != '/') {
            out.append('/');
        }
        append(out, path.substring(from));
    }

    private static void append(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); ) {
            int letter = text.codePointAt(i);
            i += Character.charCount(letter);
            boolean plain = letter < 128 && Character.isLetterOrDigit(letter);
            if (plain || LEGAL.indexOf(letter) >= 0) {
                out.append((char) letter);
            } else {
                for (byte octet : Character.toString(letter).getBytes(StandardCharsets.UTF_8)) {
                    out.append('%').append(digit((octet >> 4) & 15)).append(digit(octet & 15));
                }
            }
        }
    }

    private static char digit(int value) {
        return (char) (value < 10 ? '0' + value : 'A' + value - 10);
    }
}
