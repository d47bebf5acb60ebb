package com.foobar.webserver.files;

import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.Negotiation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a path of a site led to when it was looked up. Replaced and never changed, but for the marks of the cache and the gzip
 * that may be added once.
 */
final class Entry {

    /** What a path may lead to. */
    enum Kind {
        FILE,
        /** A folder with an index, asked for without its slash. */
        FOLDER,
        ABSENT,
        REFUSED
    }

    /** Around the bytes: the objects of an entry, measured and rounded up. */
    private static final int OVERHEAD = 1024;

    final Kind kind;
    final String path;
    final Site site;
    final Described described;

    /** For a file; empty else. */
    final List<Watched> watched;

    final boolean racy;
    private final @Nullable Variant plain;
    private final Map<Coding, Variant> coded;

    /** The plain one and the coded ones; by index, for an iterator at every request is garbage at every request. */
    private final List<Variant> all;

    private final Set<Coding> ready;
    private final Set<Coding> readyAndGzip;

    /** Monotonic nanoseconds; claimed by the one thread that looks after the file again. */
    private volatile long checked;

    /** The one who compresses, and what those who want it too wait for. */
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Variant>> gzipping = new AtomicReference<>();

    private volatile @Nullable Variant gzipped;
    private volatile boolean gzipUseless;

    /** Asked for since the clock's hand was here last. Races only cost a turn. */
    private boolean touched;

    /** Whether the cache holds it. Guarded by the cache's lock. */
    boolean kept;

    private Entry(
            Kind kind,
            String path,
            Site site,
            Described described,
            List<Watched> watched,
            boolean racy,
            @Nullable Variant plain,
            Map<Coding, Variant> coded,
            boolean gzipLater,
            long now) {
        this.kind = kind;
        this.path = path;
        this.site = site;
        this.described = described;
        this.watched = watched;
        this.racy = racy;
        this.plain = plain;
        this.coded = coded;
        this.all = new ArrayList<>(coded.values());
        if (plain != null) {
            all.add(plain);
        }
        this.ready = coded.isEmpty() ? EnumSet.noneOf(Coding.class) : EnumSet.copyOf(coded.keySet());
        this.readyAndGzip = EnumSet.copyOf(ready);
        if (gzipLater) {
            readyAndGzip.add(Coding.GZIP);
        }
        this.checked = now;
    }

    static Entry file(
            String path,
            Site site,
            Described described,
            List<Watched> watched,
            boolean racy,
            Variant plain,
            Map<Coding, Variant> coded,
            boolean gzipLater,
            long now) {
        Map<Coding, Variant> own = new EnumMap<>(Coding.class);
        own.putAll(coded);
        return new Entry(Kind.FILE, path, site, described, watched, racy, plain, own, gzipLater, now);
    }

    static Entry other(Kind kind, String path, Site site, long now) {
        return new Entry(kind, path, site, Described.NOTHING, List.of(), false, null, Map.of(), false, now);
    }

    Variant plain() {
        if (plain == null) {
            throw new IllegalStateException(path + " is no file");
        }
        return plain;
    }

    /**
     * The coding this client gets; null for plain bytes. A gzip that is still to be made is for whole answers only: nobody has
     * parts of it yet.
     */
    @Nullable
    Coding pick(@Nullable String acceptEncoding, boolean ranged) {
        return Negotiation.pick(acceptEncoding, ranged || gzipUseless ? ready : readyAndGzip);
    }

    /** Null for a gzip that is still to be made. */
    @Nullable
    Variant variant(@Nullable Coding coding) {
        if (coding == null) {
            return plain();
        }
        Variant neighbour = coded.get(coding);
        return neighbour != null ? neighbour : gzipped;
    }

    /** Null when the caller is the one to compress, else what to wait for. */
    @Nullable
    CompletableFuture<@Nullable Variant> claimGzip(CompletableFuture<@Nullable Variant> mine) {
        return gzipping.compareAndSet(null, mine) ? null : gzipping.get();
    }

    void unclaimGzip() {
        gzipping.set(null);
    }

    /** Not smaller than the plain bytes: it is not tried again. */
    void gzipUseless() {
        gzipUseless = true;
    }

    void gzipped(Variant made) {
        gzipped = made;
    }

    long checked() {
        return checked;
    }

    /** Called by whoever looks after the file again, before looking: the others go on with what is here. */
    void checkedAt(long now) {
        checked = now;
    }

    void touch() {
        if (!touched) {
            touched = true;
        }
    }

    boolean takeTouch() {
        boolean was = touched;
        touched = false;
        return was;
    }

    long cost() {
        long bytes = OVERHEAD + 2L * path.length();
        for (int i = 0; i < all.size(); i++) {
            bytes += OVERHEAD + all.get(i).heldBytes();
        }
        Variant made = gzipped;
        return made == null ? bytes : bytes + made.heldBytes();
    }

    int openFiles() {
        int open = 0;
        for (int i = 0; i < all.size(); i++) {
            open += all.get(i).file() != null ? 1 : 0;
        }
        return open;
    }

    /** Holds all its files open; false when one is closed already. */
    boolean retain() {
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).retain()) {
                for (int j = 0; j < i; j++) {
                    all.get(j).release();
                }
                return false;
            }
        }
        return true;
    }

    /** Lets go of the files once; each answer under way holds its own. */
    void release() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).release();
        }
    }
}
