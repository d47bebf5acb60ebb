package com.foobar.database.backup;

import com.foobar.database.embedded.StorageFailure;
import com.foobar.kernel.lifecycle.StartFailure;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The binary logs of one node, read without a server: which transactions are in them, in their order, and when each was committed. */
final class BinaryLogs {
    private static final String INDEX = "binlog.index";
    private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};
    private static final int HEAD = 19;

    /** A COMMIT is short; longer statements are none, and are skipped. */
    private static final int LONGEST_COMMIT = 1024;

    private static final int QUERY = 2;
    private static final int XID = 16;
    private static final int XA_PREPARE = 38;
    private static final int GTID = 162;
    private static final int GTID_LIST = 163;
    private static final int ENCRYPTION = 164;
    private static final int QUERY_COMPRESSED = 165;
    private static final int STANDALONE = 1;

    private final List<Path> files;

    private BinaryLogs(List<Path> files) {
        this.files = files;
    }

    /** Whoever is told of the transactions. */
    interface Reader {
        /** What was written before the first of them; called once, first. */
        void before(List<Gtid> held) throws StartFailure;

        /** False when it has seen enough. */
        boolean next(Gtid gtid, long second, Path file) throws StartFailure;
    }

    List<Path> files() {
        return files;
    }

    /** @param place a node's data folder, or the node's folder that has it as {@code data} */
    static BinaryLogs in(Path place) throws StartFailure {
        try {
            for (Path folder : List.of(place, place.resolve("data"))) {
                if (Files.isRegularFile(folder.resolve(INDEX))) {
                    return new BinaryLogs(listed(folder));
                }
            }
            throw new StartFailure(place + " has no binary logs: there is no " + INDEX + nodesIn(place), cure());
        } catch (IOException e) {
            throw StorageFailure.of("the binary logs in " + place + " cannot be read", e);
        }
    }

    private static String cure() {
        return "name the folder of the node that was primary last, such as DATA/database.aside/db1";
    }

    private static String nodesIn(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return "";
        }
        try (Stream<Path> all = Files.list(place)) {
            List<String> nodes = all.filter(
                            one -> Files.isRegularFile(one.resolve("data").resolve(INDEX)))
                    .map(one -> one.getFileName().toString())
                    .sorted()
                    .toList();
            return nodes.isEmpty() ? "" : "; the nodes " + String.join(", ", nodes) + " in it have";
        }
    }

    private static List<Path> listed(Path folder) throws IOException, StartFailure {
        List<Path> files = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(INDEX))) {
            Path name = Path.of(line.strip()).getFileName();
            if (name != null && !line.isBlank()) {
                files.add(folder.resolve(name));
            }
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new StartFailure(file + " is missing, which " + INDEX + " lists", "bring it back");
            }
        }
        return List.copyOf(files);
    }

    void read(Reader reader) throws StartFailure {
        boolean first = true;
        for (Path file : files) {
            boolean last = file.equals(files.get(files.size() - 1));
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                if (!new OneFile(file, in, first, reader).read()) {
                    return;
                }
            } catch (EOFException torn) {
                // A server that was killed leaves its last log so; what is not whole was never committed.
                if (!last) {
                    throw new StartFailure(file + " breaks off", "use the logs of another node", torn);
                }
            } catch (IOException e) {
                throw StorageFailure.of("the binary log " + file + " cannot be read", e);
            }
            first = false;
        }
    }

    /** One file, event after event. */
    private static final class OneFile {
        private final Path file;
        private final InputStream in;
        private final boolean first;
        private final Reader reader;
        private Optional<Gtid> open = Optional.empty();
        private long openSecond;
        private boolean openAlone;

        OneFile(Path file, InputStream in, boolean first, Reader reader) {
            this.file = file;
            this.in = in;
            this.first = first;
            this.reader = reader;
        }

        /** False when the reader has seen enough. */
        boolean read() throws IOException, StartFailure {
            if (!Arrays.equals(exactly(MAGIC.length), MAGIC)) {
                throw new StartFailure(file + " is no binary log", "name the folder of a database node");
            }
            while (true) {
                byte[] start = in.readNBytes(HEAD);
                if (start.length == 0) {
                    return true;
                }
                if (start.length < HEAD) {
                    throw new EOFException();
                }
                if (!event(ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN))) {
                    return false;
                }
            }
        }

        private boolean event(ByteBuffer head) throws IOException, StartFailure {
            long second = Integer.toUnsignedLong(head.getInt(0));
            int type = Byte.toUnsignedInt(head.get(4));
            long server = Integer.toUnsignedLong(head.getInt(5));
            long length = Integer.toUnsignedLong(head.getInt(9)) - HEAD;
            if (length < 0) {
                throw new StartFailure(file + " is damaged: an event of a negative length", "use another node's logs");
            }
            boolean wanted = type == GTID || type == GTID_LIST || (type == QUERY && length < LONGEST_COMMIT);
            ByteBuffer body = ByteBuffer.allocate(0);
            if (wanted) {
                body = ByteBuffer.wrap(exactly((int) length)).order(ByteOrder.LITTLE_ENDIAN);
            } else {
                in.skipNBytes(length);
            }
            return switch (type) {
                case GTID ->
                    begins(new Gtid(Integer.toUnsignedLong(body.getInt(8)), server, body.getLong(0)), second, body);
                case GTID_LIST -> held(body);
                case ENCRYPTION -> throw new StartFailure(file + " is encrypted", "decrypt the logs before");
                case QUERY -> !(openAlone || endsInCommit(body)) || ends();
                case QUERY_COMPRESSED -> !openAlone || ends();
                case XID, XA_PREPARE -> ends();
                default -> true;
            };
        }

        private boolean begins(Gtid gtid, long second, ByteBuffer body) {
            open = Optional.of(gtid);
            openSecond = second;
            openAlone = (body.get(12) & STANDALONE) != 0;
            return true;
        }

        private boolean ends() throws StartFailure {
            Optional<Gtid> ended = open;
            open = Optional.empty();
            openAlone = false;
            return ended.isEmpty() || reader.next(ended.get(), openSecond, file);
        }

        private boolean held(ByteBuffer body) throws StartFailure {
            if (first) {
                List<Gtid> held = new ArrayList<>();
                int count = body.getInt(0) & 0x0fff_ffff;
                for (int i = 0; i < count; i++) {
                    int at = 4 + 16 * i;
                    held.add(new Gtid(
                            Integer.toUnsignedLong(body.getInt(at)),
                            Integer.toUnsignedLong(body.getInt(at + 4)),
                            body.getLong(at + 8)));
                }
                reader.before(held);
            }
            return true;
        }

        /** Behind the text there may be a checksum of four bytes. */
        private static boolean endsInCommit(ByteBuffer body) {
            byte[] tail = new byte[Math.min(12, body.capacity())];
            body.get(body.capacity() - tail.length, tail);
            String end = new String(tail, StandardCharsets.ISO_8859_1);
            return end.contains("COMMIT") || end.contains("ROLLBACK");
        }

        private byte[] exactly(int count) throws IOException {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException();
            }
            return bytes;
        }
    }
}
