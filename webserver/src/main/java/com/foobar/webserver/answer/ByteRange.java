package com.foobar.webserver.answer;

/** Some bytes of a file, both ends inclusive as in Content-Range. */
public record ByteRange(long first, long last) {

    public long length() {
        return last - first + 1;
    }

    public String contentRange(long size) {
        return "bytes " + first + '-' + last + '/' + size;
    }

    boolean overlaps(ByteRange other) {
        return first <= other.last && other.first <= last;
    }
}
