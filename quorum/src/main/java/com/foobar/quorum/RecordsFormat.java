package com.foobar.quorum;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes, answers and snapshots as bytes, with a number of the format in front: voters of two releases agree during an upgrade, and a newer
 * format is refused rather than misread.
 */
final class RecordsFormat {

    private static final int FORMAT = 1;

    private RecordsFormat() {}

    static byte[] bytes(Records.Write write) {
        return written(out -> {
            out.writeUTF(write.record());
            out.writeLong(write.expectedVersion());
            out.writeLong(write.term());
            writeText(out, write.content());
        });
    }

    static Records.Write write(byte[] bytes) throws IOException {
        return read(bytes, in -> {
            String record = in.readUTF();
            long expected = in.readLong();
            long term = in.readLong();
            return new Records.Write(record, expected, readText(in), term);
        });
    }

    static byte[] bytes(Records records) {
        return written(out -> {
            out.writeInt(records.kept().size());
            for (Map.Entry<String, Records.Kept> entry : records.kept().entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeLong(entry.getValue().version());
                writeText(out, entry.getValue().content());
            }
        });
    }

    static Records records(byte[] bytes) throws IOException {
        return read(bytes, in -> {
            Map<String, Records.Kept> kept = new HashMap<>();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                String name = in.readUTF();
                long version = in.readLong();
                kept.put(name, new Records.Kept(version, readText(in)));
            }
            return new Records(kept);
        });
    }

    static byte[] bytes(Written answer) {
        return written(out -> {
            if (answer instanceof Written.Done done) {
                out.writeByte('D');
                out.writeLong(done.version());
            } else if (answer instanceof Written.Conflict conflict) {
                out.writeByte('C');
                out.writeLong(conflict.version());
            } else if (answer instanceof Written.Deposed deposed) {
                out.writeByte('T');
                out.writeLong(deposed.term());
            } else if (answer instanceof Written.Unknown unknown) {
                out.writeByte('U');
                writeText(out, unknown.why());
            }
        });
    }

    static Written answer(byte[] bytes) throws IOException {
        return read(bytes, in -> {
            byte kind = in.readByte();
            return switch (kind) {
                case 'D' -> new Written.Done(in.readLong());
                case 'C' -> new Written.Conflict(in.readLong());
                case 'T' -> new Written.Deposed(in.readLong());
                case 'U' -> new Written.Unknown(readText(in));
                default -> throw new IOException("answer of an unknown kind " + kind);
            };
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            writing.to(out);
        } catch (IOException tooLongAName) {
            throw new UncheckedIOException(tooLongAName);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reading<T> reading) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IOException("format " + format + " of a newer release; this one knows " + FORMAT);
            }
            return reading.from(in);
        }
    }

    /** Not writeUTF: that ends at 64 kB. */
    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes where " + in.available() + " are left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
