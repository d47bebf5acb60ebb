package com.foobar.webserver.answer;

import java.util.List;

/** What is sent back for a file that exists. */
public sealed interface Answer {

    /** 200 and everything. */
    record Whole() implements Answer {}

    /** 304: the client has it. */
    record NotModified() implements Answer {}

    /** 412: the client wants it only in another state. */
    record Failed() implements Answer {}

    /** 206: one range, or several as multipart/byteranges. */
    record Parts(List<ByteRange> ranges) implements Answer {}

    /** 416: nothing of what was asked for is there. */
    record Unsatisfiable() implements Answer {}

    Answer WHOLE = new Whole();
    Answer NOT_MODIFIED = new NotModified();
    Answer FAILED = new Failed();
    Answer UNSATISFIABLE = new Unsatisfiable();
}
