package com.foobar.http.listen;

/**
 * Why a request is refused before any handler sees it. The words are for the client and the log: they say what to change, and
 * nothing about the server.
 */
public enum Fault {
    MALFORMED(400, "The request is not well-formed HTTP."),
    OBSOLETE_FOLD(400, "A header field continues on the next line; fields must be written on one line."),
    BAD_LINE_END(400, "A line of the request head does not end with CR LF."),
    BAD_HOST(400, "Exactly one valid Host header field is needed."),
    BAD_LENGTH(400, "Content-Length must be given once, as decimal digits."),
    LENGTH_AND_CODING(400, "Content-Length and Transfer-Encoding exclude each other."),
    BAD_CHUNK(400, "The chunked body is not well-formed."),
    BAD_PATH(400, "The path of the request is not acceptable."),
    HEAD_TOO_SLOW(408, "The request head took too long to arrive."),
    BODY_TOO_SLOW(408, "The request body arrived too slowly."),
    BODY_TOO_LARGE(413, "The request body is larger than this address accepts."),
    URI_TOO_LONG(414, "The request target is too long."),
    BAD_EXPECTATION(417, "The only expectation understood is 100-continue."),
    TOO_MANY_RESETS(429, "Too many requests were cancelled on this connection."),
    HEAD_TOO_LARGE(431, "The request head is too large."),
    TOO_MANY_FIELDS(431, "The request has too many header fields."),
    UNKNOWN_CODING(501, "The only transfer coding understood is chunked."),
    UNKNOWN_METHOD(501, "The request method is not supported here."),
    FULL(503, "Too many connections are open; try again shortly."),
    UNKNOWN_VERSION(505, "The HTTP version is not supported.");

    private final int status;
    private final String words;

    Fault(int status, String words) {
        this.status = status;
        this.words = words;
    }

    public int status() {
        return status;
    }

    public String words() {
        return words;
    }
}
