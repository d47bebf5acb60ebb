package com.foobar.webserver.files;

import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.Facts;
import com.foobar.webserver.answer.HttpDate;
import com.foobar.webserver.answer.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Opens and reads what a path leads to. Everything here blocks and belongs on the executor. */
final class Intake {
    private static final int ATTEMPTS = 3;

    /** Larger bytes go beside the heap: there the kernel takes them without another copy. */
    private static final int HEAP_BYTES = 16 << 10;

    /** Reproducible builds and package stores stamp every file with one of the first seconds of 1970, which says nothing. */
    private static final long FIRST_STAMP = 2;

    /** Twelve bytes of it: the chance that two states of one file share a tag is none. */
    private static final int TAG_BYTES = 12;

    private final Site site;
    private final long largest;
    private final Instant wall;
    private final long now;
    private final List<Watched> watched = new ArrayList<>();
    private boolean racy;

    Intake(Site site, long largest, Instant wall, long now) {
        this.site = site;
        this.largest = largest;
        this.wall = wall;
        this.now = now;
    }

    /** The entry of a path whose name was decided. Whoever gets it lets go of it with {@link Entry#release}. */
    Entry take(String path, String name) throws IOException {
        if (name.isEmpty() || name.endsWith("/")) {
            return index(path, name);
        }
        Found found = site.sandbox().open(name);
        if (found instanceof Found.Content content) {
            return file(path, name, content);
        }
        if (found instanceof Found.Folder) {
            // Without an index there is nothing to redirect to; the path is the application's.
            boolean indexed = site.settings().index().stream()
                    .anyMatch(index -> site.sandbox().exists(name + '/' + index));
            return Entry.other(indexed ? Entry.Kind.FOLDER : Entry.Kind.ABSENT, path, site, now);
        }
        return Entry.other(found instanceof Found.Absent ? Entry.Kind.ABSENT : Entry.Kind.REFUSED, path, site, now);
    }

    private Entry index(String path, String name) throws IOException {
        for (String index : site.settings().index()) {
            Found found = site.sandbox().open(name + index);
            if (found instanceof Found.Content content) {
                return file(path, name + index, content);
            }
            if (found instanceof Found.Refused) {
                return Entry.other(Entry.Kind.REFUSED, path, site, now);
            }
            watch(name + index, null);
        }
        return Entry.other(Entry.Kind.ABSENT, path, site, now);
    }

    private Entry file(String path, String name, Found.Content content) throws IOException {
        String type = site.type(name);
        SiteSettings settings = site.settings();
        boolean compressible = MediaTypes.compressible(type);
        boolean varies =
                compressible && (settings.gzip() || !settings.precompressed().isEmpty());
        Described described = new Described(type, site.cacheControl(name, type), varies);
        Variant plain = variant(name, content, null, described);
        Map<Coding, Variant> coded = new EnumMap<>(Coding.class);
        try {
            if (compressible) {
                for (Coding coding : settings.precompressed()) {
                    neighbour(name, coding, content.stamp(), described, coded);
                }
            }
        } catch (IOException | RuntimeException | Error failure) {
            plain.release();
            coded.values().forEach(Variant::release);
            throw failure;
        }
        long size = plain.facts().size();
        boolean gzipLater = compressible
                && settings.gzip()
                && !coded.containsKey(Coding.GZIP)
                && size >= settings.gzipFrom().bytes()
                && size <= settings.gzipUpTo().bytes();
        return Entry.file(path, site, described, List.copyOf(watched), racy, plain, coded, gzipLater, now);
    }

    private void neighbour(String name, Coding coding, Stamp original, Described described, Map<Coding, Variant> into)
            throws IOException {
        String neighbour = name + coding.suffix();
        Found found = site.sandbox().exists(neighbour) ? site.sandbox().open(neighbour) : Found.ABSENT;
        if (!(found instanceof Found.Content content)) {
            watch(neighbour, null);
            return;
        }
        if (content.stamp().olderThan(original)) {
            // Made of an earlier state of the file: nobody must get yesterday's page because it was compressed.
            watch(neighbour, content.stamp());
            content.channel().close();
            return;
        }
        into.put(coding, variant(neighbour, content, coding, described));
    }

    private void watch(String name, @Nullable Stamp stamp) {
        Path path = site.sandbox().locate(name);
        if (path != null) {
            watched.add(new Watched(path, stamp));
        }
    }

    private Variant variant(String name, Found.Content content, @Nullable Coding coding, Described described)
            throws IOException {
        Found.Content current = content;
        for (int attempt = 1; ; attempt++) {
            Stamp stamp = current.stamp();
            if (stamp.size() > largest) {
                noted(name, stamp);
                String tag = '"'
                        + Long.toHexString(stamp.size())
                        + '-'
                        + Long.toHexString(stamp.modified().toMillis())
                        + suffix(coding)
                        + '"';
                Facts facts = new Facts(tag, lastModified(stamp), stamp.size());
                return made(coding, facts, null, new OpenFile(current.channel()), described);
            }
            ByteBuffer bytes;
            boolean steady;
            try (FileChannel channel = current.channel()) {
                bytes = read(channel, (int) stamp.size());
                steady = bytes.limit() == stamp.size() && unchanged(name, stamp);
            }
            Found again = steady || attempt == ATTEMPTS
                    ? Found.ABSENT
                    : site.sandbox().open(name);
            if (!(again instanceof Found.Content next)) {
                // A file that is written all the time is served as it was read and read again at the next look.
                racy |= !steady;
                noted(name, stamp);
                Facts facts = new Facts('"' + hash(bytes) + suffix(coding) + '"', lastModified(stamp), bytes.limit());
                return made(coding, facts, bytes, null, described);
            }
            current = next;
        }
    }

    private static Variant made(
            @Nullable Coding coding,
            Facts facts,
            @Nullable ByteBuffer bytes,
            @Nullable OpenFile file,
            Described described) {
        Fields fields = Fields.of(facts, coding, described.type(), described.cacheControl(), described.varies());
        return new Variant(coding, facts, bytes, file, fields);
    }

    private void noted(String name, Stamp stamp) {
        racy |= stamp.freshAt(wall);
        watch(name, stamp);
    }

    /** Whether nothing was written while it was read. A file that was replaced meanwhile was read whole: it is another. */
    private boolean unchanged(String name, Stamp stamp) throws IOException {
        Found now = site.sandbox().open(name);
        if (!(now instanceof Found.Content content)) {
            return true;
        }
        content.channel().close();
        boolean same = stamp.key() == null || stamp.key().equals(content.stamp().key());
        return !same || stamp.equals(content.stamp());
    }

    private static String suffix(@Nullable Coding coding) {
        return coding == null ? "" : "-" + coding.token();
    }

    /** Never in the future, which HTTP forbids, and never a stamp that stands for no time at all. */
    private long lastModified(Stamp stamp) {
        long seconds = Math.floorDiv(stamp.modified().toMillis(), 1000);
        return seconds < FIRST_STAMP || seconds > wall.getEpochSecond() ? HttpDate.NONE : seconds;
    }

    /** Up to size bytes; fewer when the file has become shorter. */
    private static ByteBuffer read(FileChannel channel, int size) throws IOException {
        ByteBuffer bytes = size <= HEAP_BYTES ? ByteBuffer.allocate(size) : beside(size);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // The loop is all there is to do.
        }
        return bytes.flip();
    }

    private static ByteBuffer beside(int size) {
        try {
            return ByteBuffer.allocateDirect(size);
        } catch (OutOfMemoryError full) {
            // What evicted entries held is freed by the collector, later; the heap has its own limit.
            return ByteBuffer.allocate(size);
        }
    }

    /** Of the content, so that every server of a site gives a file the same tag, whenever it was copied there. */
    private static String hash(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            byte[] whole = digest.digest();
            byte[] part = new byte[TAG_BYTES];
            System.arraycopy(whole, 0, part, 0, TAG_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The plain bytes of an entry compressed; null when that does not make them smaller, or they have just changed. */
    static @Nullable Variant gzip(Entry entry) throws IOException {
        Variant plain = entry.plain();
        ByteBuffer source = plain.bytes();
        if (source == null) {
            OpenFile file = plain.file();
            source = file == null
                    ? ByteBuffer.allocate(0)
                    : read(file.channel(), (int) plain.facts().size());
        }
        if (source.limit() < plain.facts().size()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(source.limit() / 3 + 64);
        byte[] piece = new byte[8192];
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (ByteBuffer left = source.duplicate(); left.hasRemaining(); ) {
                int count = Math.min(piece.length, left.remaining());
                left.get(piece, 0, count);
                gzip.write(piece, 0, count);
            }
        }
        if (out.size() >= source.limit()) {
            return null;
        }
        String tag = plain.facts().tag();
        Facts facts = new Facts(
                tag.substring(0, tag.length() - 1) + suffix(Coding.GZIP) + '"',
                plain.facts().lastModified(),
                out.size());
        ByteBuffer bytes = out.size() <= HEAP_BYTES ? ByteBuffer.allocate(out.size()) : beside(out.size());
        return made(Coding.GZIP, facts, bytes.put(out.toByteArray()).flip(), null, entry.described);
    }
}
