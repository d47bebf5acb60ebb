package com.foobar.appserver.data;

/** Which statements carry the request's id as a comment. */
public enum RequestComment {
    NONE,
    /** Those whose text is sent as it is; prepared ones keep their text, and with it their place in the cache. */
    PLAIN,
    /** Prepared ones too: each is then prepared anew for each request. */
    ALL
}
