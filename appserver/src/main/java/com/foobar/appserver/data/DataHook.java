package com.foobar.appserver.data;

import com.foobar.appserver.container.RequestHook;

/** Gives each request its scope: the client's position from its cookie, the thread bound, the cookie renewed after a write. */
public final class DataHook implements RequestHook {

    private final RoutingDataSource source;
    private final TokenCookie cookie;

    public DataHook(RoutingDataSource source, TokenCookie cookie) {
        this.source = source;
        this.cookie = cookie;
    }

    @Override
    public Companion begin(Arriving request) {
        CausalToken brought = cookie.read(request.cookie(TokenCookie.NAME)).orElse(CausalToken.NONE);
        return new Accompanied(RequestScope.begin(request.requestId(), brought), request.secure());
    }

    private final class Accompanied implements Companion {
        private final RequestScope scope;
        private final boolean secure;

        private Accompanied(RequestScope scope, boolean secure) {
            this.scope = scope;
            this.secure = secure;
        }

        @Override
        public void enter() {
            RequestScope unused = scope.enter();
        }

        @Override
        public void leave() {
            // Threads are the server's: between requests they work for nobody, so there is nobody to go back to.
            RequestScope.leave(null);
        }

        @Override
        public void committing(Leaving answer) {
            // A write after this moment is not in the cookie; the client has its answer by then and may miss that one.
            if (scope.hasWritten()) {
                answer.setCookie(cookie.field(scope.token(), secure));
            }
        }

        @Override
        public void end() {
            source.end(scope);
        }
    }
}
