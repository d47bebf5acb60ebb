package com.foobar.http.listen;

import com.foobar.testkit.RawHttp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** HTTP/2 written by hand: frames, and header blocks without compression. */
final class Frames {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    record Frame(int type, int flags, int stream, byte[] body) {

        /** The error code of a RST_STREAM or GOAWAY. */
        int errorCode() {
            int at = type == GOAWAY ? 4 : 0;
            return (body[at + 2] & 0xff) << 8 | (body[at + 3] & 0xff);
        }
    }

    private final RawHttp client;

    Frames(RawHttp client) {
        this.client = client;
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, new byte[0]);
    }

    Frames send(int type, int flags, int stream, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body.length >> 16);
        out.write(body.length >> 8);
        out.write(body.length);
        out.write(type);
        out.write(flags);
        out.write(stream >> 24);
        out.write(stream >> 16);
        out.write(stream >> 8);
        out.write(stream);
        out.writeBytes(body);
        client.sendBytes(out.toByteArray());
        return this;
    }

    Frames get(int stream, String path, String... more) {
        return send(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", path, more));
    }

    Frames reset(int stream) {
        return send(RESET, 0, stream, new byte[] {0, 0, 0, 8});
    }

    static byte[] head(String method, String path, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(out, ":method", method);
        field(out, ":scheme", "http");
        field(out, ":path", path);
        field(out, ":authority", "www.foobar.com");
        for (int i = 0; i < more.length; i += 2) {
            field(out, more[i], more[i + 1]);
        }
        return out.toByteArray();
    }

    static void field(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        text(out, name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest > 127) {
                out.write((rest & 127) | 128);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    Frame next() {
        byte[] head = client.readBytes(9);
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int stream = (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | (head[8] & 0xff);
        return new Frame(head[3], head[4], stream, client.readBytes(length));
    }

    /** Skips to the next frame of this type. */
    Frame next(int type) {
        Frame frame = next();
        while (frame.type() != type) {
            frame = next();
        }
        return frame;
    }
}
