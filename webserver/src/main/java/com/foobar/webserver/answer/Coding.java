package com.foobar.webserver.answer;

import com.foobar.kernel.config.Key;

/** How the bytes of an answer are compressed, best first. */
public enum Coding {
    @Key("br")
    BROTLI("br", ".br"),
    @Key("zst")
    ZSTD("zstd", ".zst"),
    @Key("gz")
    GZIP("gzip", ".gz");

    private final String token;
    private final String suffix;

    Coding(String token, String suffix) {
        this.token = token;
        this.suffix = suffix;
    }

    /** In Content-Encoding. */
    public String token() {
        return token;
    }

    /** Of the neighbour that holds it. */
    public String suffix() {
        return suffix;
    }
}
