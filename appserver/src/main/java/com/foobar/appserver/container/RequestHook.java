package com.foobar.appserver.container;

import org.jspecify.annotations.Nullable;

/** Accompanies each request through the application tier; for what must be known where the application uses a resource. */
@FunctionalInterface
public interface RequestHook {
    RequestHook NONE = request -> new Companion() {};

    /** Before an application sees the request, on whatever thread; must not block. */
    Companion begin(Arriving request);

    /** What the hook may know of a request, and how it leaves something with the client. */
    interface Arriving {
        /** The id that all tiers log. */
        String requestId();

        String method();

        /** Whether the client came by HTTPS, as far as those who say so are believed. */
        boolean secure();

        /** The value of the first cookie of that name. */
        @Nullable
        String cookie(String name);
    }

    /** What the hook may still change of an answer. */
    interface Leaving {
        /** Adds a Set-Cookie field as it is given. */
        void setCookie(String field);
    }

    /** One request. {@code enter} and {@code leave} come in pairs and, with an asynchronous request, more than once. */
    interface Companion {
        /** This thread works for the request from now on. */
        default void enter() {}

        /** And no longer. */
        default void leave() {}

        /** Nothing of the answer has left yet; what the application did since then is not in it. On the thread that answers. */
        default void committing(Leaving answer) {}

        /** The request is over, however. */
        default void end() {}
    }
}
