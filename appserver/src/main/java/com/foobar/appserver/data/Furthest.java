package com.foobar.appserver.data;

/** A position that only ever grows, whoever says what to it. */
final class Furthest {

    private volatile CausalToken token;

    Furthest(CausalToken first) {
        this.token = first;
    }

    CausalToken token() {
        return token;
    }

    synchronized void reaches(CausalToken another) {
        token = token.and(another);
    }
}
