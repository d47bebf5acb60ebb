package com.foobar.testkit;

import com.foobar.testkit.RawResponse.Ending;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes HTTP/1.1 messages from bytes, strictly: what a lenient client would overlook is what a test looks for. Not an HTTP
 * library on purpose, or the tests would share the faults of the code they test.
 */
final class MessageReader {

    private static final int LONGEST_LINE = 1 << 20;
    private static final int LARGEST_BODY = 1 << 28;

    private final InputStream in;

    /** What was read of the current message, for the failure's text. */
    private final StringBuilder seen = new StringBuilder();

    MessageReader(InputStream in) {
        this.in = in;
    }

    record Body(String latin1, List<Header> trailers, Ending ending) {
        static final Body NONE = new Body("", List.of(), Ending.NO_BODY);
    }

    /** Where a body ends, decided by the headers. */
    enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    static final class Rubbish extends IOException {
        private static final long serialVersionUID = 1;

        Rubbish(String message) {
            super(message);
        }
    }

    /** The first line of the next message, or null when the connection ended properly before it. */
    @Nullable
    String firstLine() throws IOException {
        seen.setLength(0);
        return line(true);
    }

    String seen() {
        return seen.length() > 2_000 ? seen.substring(0, 2_000) + "…" : seen.toString();
    }

    List<Header> headers() throws IOException {
        List<Header> headers = new ArrayList<>();
        for (String line = wholeLine(); !line.isEmpty(); line = wholeLine()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.substring(0, colon).isBlank() || Character.isWhitespace(line.charAt(colon - 1))) {
                throw new Rubbish("not a header line: \"" + line + "\"");
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return List.copyOf(headers);
    }

    Body body(Framing framing, List<Header> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Header> trailers = List.of();
        Ending ending =
                switch (framing) {
                    case NONE -> Ending.NO_BODY;
                    case LENGTH -> Ending.CONTENT_LENGTH;
                    case CHUNKED -> Ending.LAST_CHUNK;
                    case UNTIL_CLOSE -> Ending.CLOSE;
                };
        try {
            switch (framing) {
                case NONE -> {}
                case LENGTH -> exactly(contentLength(headers), body);
                case CHUNKED -> trailers = chunks(body);
                case UNTIL_CLOSE -> untilClose(body);
            }
        } catch (EOFException e) {
            ending = Ending.CUT;
        } catch (SocketException e) {
            ending = Ending.RESET;
        }
        return new Body(body.toString(StandardCharsets.ISO_8859_1), trailers, ending);
    }

    static boolean isChunked(List<Header> headers) {
        return Header.all(headers, "Transfer-Encoding").stream().anyMatch(value -> value.equalsIgnoreCase("chunked"));
    }

    private static long contentLength(List<Header> headers) throws Rubbish {
        List<String> values = Header.all(headers, "Content-Length");
        if (values.size() != 1 || !values.get(0).matches("[0-9]{1,18}")) {
            throw new Rubbish("not one Content-Length of digits: " + values);
        }
        return Long.parseLong(values.get(0));
    }

    private void exactly(long length, ByteArrayOutputStream body) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            take(buffer, read, body);
            left -= read;
        }
    }

    private List<Header> chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            String size = wholeLine().replaceFirst("[ \t]*;.*", "");
            if (!size.matches("[0-9a-fA-F]{1,8}")) {
                throw new Rubbish("not the size of a chunk: \"" + size + "\"");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return headers();
            }
            exactly(length, body);
            String end = wholeLine();
            if (!end.isEmpty()) {
                throw new Rubbish(
                        "after a chunk of " + length + " bytes came \"" + end + "\" instead of an empty line");
            }
        }
    }

    private void untilClose(ByteArrayOutputStream body) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            take(buffer, read, body);
        }
    }

    private void take(byte[] buffer, int length, ByteArrayOutputStream body) throws Rubbish {
        body.write(buffer, 0, length);
        if (seen.length() <= 2_000) {
            seen.append(new String(buffer, 0, Math.min(length, 2_000), StandardCharsets.ISO_8859_1));
        }
        if (body.size() > LARGEST_BODY) {
            throw new Rubbish("a body above " + LARGEST_BODY + " bytes, which no test asks for");
        }
    }

    private String wholeLine() throws IOException {
        String line = line(false);
        if (line == null) {
            throw new EOFException("the connection ended inside a message");
        }
        return line;
    }

    private @Nullable String line(boolean first) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (first && line.length() == 0) {
                    return null;
                }
                throw new EOFException("the connection ended inside the line \"" + line + "\"");
            }
            if (line.length() >= LONGEST_LINE) {
                throw new Rubbish("a line above " + LONGEST_LINE + " bytes");
            }
            line.append((char) next);
            seen.append((char) next);
        }
        seen.append('\n');
        if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new Rubbish("a line that ends in a bare LF: \"" + line + "\"");
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }
}
