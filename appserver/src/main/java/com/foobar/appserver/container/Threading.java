package com.foobar.appserver.container;

import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;

/** Tells those who accompany a request which threads work for it: also those of its asynchronous parts. */
final class Threading implements ContextHandler.ContextScopeListener {
    @Override
    public void enterScope(Context context, @Nullable Request request) {
        Stay stay = Stay.of(request);
        if (stay != null) {
            stay.companion().enter();
        }
    }

    @Override
    public void exitScope(Context context, @Nullable Request request) {
        Stay stay = Stay.of(request);
        if (stay != null) {
            stay.companion().leave();
        }
    }
}
