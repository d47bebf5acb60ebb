package com.foobar.appserver.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the data room knows of one request: its id, how far the client's own writes have come, and which connections it holds. Bound to
 * whatever threads work for the request; any number at once.
 */
public final class RequestScope {

    private static final ThreadLocal<@Nullable RequestScope> BOUND = new ThreadLocal<>();
    private static final int LONGEST_ID = 64;

    private final String id;
    private final Furthest token;
    private final CausalToken given;
    /** Guarded by itself. */
    private final Set<RoutedConnection> open = new LinkedHashSet<>();

    private RequestScope(String id, CausalToken given) {
        this.id = id;
        this.given = given;
        this.token = new Furthest(given);
    }

    /** A request with the token its client brought. */
    public static RequestScope begin(String requestId, CausalToken brought) {
        return new RequestScope(sanitised(requestId), brought);
    }

    /** Whatever runs outside any request; it reads what any such work has written. */
    static RequestScope outside() {
        return new RequestScope("", CausalToken.NONE);
    }

    static @Nullable RequestScope current() {
        return BOUND.get();
    }

    /** This thread works for the request, and from then on no longer for another. Returns whom it worked for. */
    public @Nullable RequestScope enter() {
        RequestScope before = BOUND.get();
        BOUND.set(this);
        return before;
    }

    public static void leave(@Nullable RequestScope before) {
        if (before == null) {
            BOUND.remove();
        } else {
            BOUND.set(before);
        }
    }

    /** For a thread of the application's own that goes on with the request's work. */
    public Runnable carry(Runnable task) {
        return () -> {
            RequestScope before = enter();
            try {
                task.run();
            } finally {
                leave(before);
            }
        };
    }

    public String id() {
        return id;
    }

    /** What the client has written and seen so far. */
    public CausalToken token() {
        return token.token();
    }

    /** There is something to send to the client. */
    public boolean hasWritten() {
        return !given.covers(token.token());
    }

    void wrote(CausalToken written) {
        token.reaches(written);
    }

    void opened(RoutedConnection connection) {
        synchronized (open) {
            open.add(connection);
        }
    }

    void closed(RoutedConnection connection) {
        synchronized (open) {
            open.remove(connection);
        }
    }

    /** What is still open, for whoever ends the request. */
    List<RoutedConnection> leftOpen() {
        synchronized (open) {
            return new ArrayList<>(open);
        }
    }

    /** It goes into SQL and logs. */
    private static String sanitised(String id) {
        int harmless = 0;
        while (harmless < id.length() && isHarmless(id.charAt(harmless))) {
            harmless++;
        }
        if (harmless == id.length() && harmless <= LONGEST_ID) {
            return id;
        }
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < id.length() && kept.length() < LONGEST_ID; i++) {
            if (isHarmless(id.charAt(i))) {
                kept.append(id.charAt(i));
            }
        }
        return kept.toString();
    }

    private static boolean isHarmless(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    }
}
