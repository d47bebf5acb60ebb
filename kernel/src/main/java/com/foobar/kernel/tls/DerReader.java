package com.foobar.kernel.tls;

import java.nio.ByteBuffer;

/** Walks over the elements of a DER structure, as far as telling old private key formats apart needs it. */
final class DerReader {

    private final ByteBuffer rest;

    DerReader(byte[] der) {
        this.rest = ByteBuffer.wrap(der);
    }

    boolean isAt(int tag) {
        return rest.hasRemaining() && (rest.get(rest.position()) & 0xff) == tag;
    }

    /** The content of the next element, which must have this tag. */
    byte[] read(int tag) throws MalformedDer {
        if (!isAt(tag)) {
            throw new MalformedDer();
        }
        rest.get();
        byte[] content = new byte[length()];
        rest.get(content);
        return content;
    }

    private int length() throws MalformedDer {
        if (!rest.hasRemaining()) {
            throw new MalformedDer();
        }
        int length = rest.get() & 0xff;
        if (length > 0x83 || length == 0x80) {
            throw new MalformedDer();
        }
        if (length > 0x80) {
            int bytes = length & 0x7f;
            if (bytes > rest.remaining()) {
                throw new MalformedDer();
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (rest.get() & 0xff);
            }
        }
        if (length > rest.remaining()) {
            throw new MalformedDer();
        }
        return length;
    }

    /** Not the structure it should be; the caller knows the file and says so. */
    static final class MalformedDer extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
