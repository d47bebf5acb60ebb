package com.foobar.webserver.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * PURE. The frame around several ranges in one answer (RFC 9110, 14.6). All of it is ASCII: one letter, one byte.
 *
 * @param heads what stands before the bytes of each range
 * @param end what stands after the last
 */
public record Multipart(String contentType, List<String> heads, String end, long length) {

    /** The boundary must not occur in the file, so the caller makes it of random letters. */
    public static Multipart of(List<ByteRange> ranges, long size, String type, String boundary) {
        List<String> heads = new ArrayList<>(ranges.size());
        long length = 0;
        for (ByteRange range : ranges) {
            String head = (heads.isEmpty() ? "" : "\r\n") + "--" + boundary + "\r\nContent-Type: " + type
                    + "\r\nContent-Range: " + range.contentRange(size) + "\r\n\r\n";
            heads.add(head);
            length += head.length() + range.length();
        }
        String end = "\r\n--" + boundary + "--\r\n";
        return new Multipart("multipart/byteranges; boundary=" + boundary, heads, end, length + end.length());
    }
}
