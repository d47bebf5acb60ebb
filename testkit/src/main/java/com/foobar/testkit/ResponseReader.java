package com.foobar.testkit;

import com.foobar.testkit.MessageReader.Body;
import com.foobar.testkit.MessageReader.Framing;
import com.foobar.testkit.MessageReader.Rubbish;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes one response from bytes. */
final class ResponseReader {

    private static final Pattern STATUS_LINE = Pattern.compile("(HTTP/[0-9.]+) ([0-9]{3})(?: (.*))?");

    private ResponseReader() {}

    static RawResponse next(MessageReader reader, boolean head) throws IOException {
        String line = reader.firstLine();
        if (line == null) {
            throw new EOFException("the connection was closed before a response");
        }
        Matcher parts = STATUS_LINE.matcher(line);
        if (!parts.matches()) {
            throw new Rubbish("not a status line: \"" + line + "\"");
        }
        int status = Integer.parseInt(parts.group(2));
        String reason = parts.group(3) == null ? "" : parts.group(3);
        List<Header> headers = reader.headers();
        Framing framing = framing(status, head, headers);
        Body body = framing == Framing.NONE ? Body.NONE : reader.body(framing, headers);
        return new RawResponse(
                parts.group(1), status, reason, headers, body.latin1(), body.trailers(), body.ending(), List.of());
    }

    static Framing framing(int status, boolean head, List<Header> headers) {
        if (head || status / 100 == 1 || status == 204 || status == 304) {
            return Framing.NONE;
        }
        if (MessageReader.isChunked(headers)) {
            return Framing.CHUNKED;
        }
        return Header.first(headers, "Content-Length") == null ? Framing.UNTIL_CLOSE : Framing.LENGTH;
    }
}
