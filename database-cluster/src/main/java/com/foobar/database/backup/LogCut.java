package com.foobar.database.backup;

import com.foobar.database.model.GtidPosition;
import com.foobar.kernel.lifecycle.StartFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds in the logs what lies between a backup and the wished moment: nothing more, and without a gap. */
final class LogCut implements BinaryLogs.Reader {
    private static final String LAST_PRIMARY = "name the folder of the node that was primary last";

    /** Where the dump stands; nothing when it was taken of an empty history. */
    private final Optional<Gtid> from;

    private final Optional<Gtid> wanted;
    private final Optional<Instant> before;
    private GtidPosition history;
    private boolean begun;
    private boolean done;
    private Optional<Gtid> previous = Optional.empty();
    private Optional<Gtid> last = Optional.empty();
    private long lastSecond;
    private long count;
    private final List<Path> files = new ArrayList<>();

    private LogCut(Manifest manifest, PointInTime wish) throws StartFailure {
        this.from = manifest.position().isEmpty() ? Optional.empty() : Optional.of(single(manifest));
        this.history = GtidPosition.parse(manifest.history());
        this.wanted = wish.transaction().flatMap(Gtid::parse);
        this.before = wish.before();
        if (before.isPresent() && !before.get().isAfter(Instant.parse(manifest.taken()))) {
            throw tooEarly(before.get() + "", manifest.taken());
        }
        if (wanted.isPresent()
                && from.isPresent()
                && wanted.get().sequence() < from.get().sequence()) {
            throw tooEarly(wanted.get() + "", from.get() + "");
        }
    }

    /**
     * What has to be replayed.
     *
     * @param until the last transaction; nothing when the backup stands there already
     * @param files the logs that hold it
     * @param history what the data holds afterwards, by each of its writers
     * @param words for the operator
     */
    record Piece(Optional<Gtid> until, List<Path> files, String history, String words) {}

    static Piece of(Manifest manifest, PointInTime wish) throws StartFailure {
        LogCut cut = new LogCut(manifest, wish);
        BinaryLogs logs = BinaryLogs.in(wish.logs());
        logs.read(cut);
        return cut.piece(wish.logs());
    }

    private static Gtid single(Manifest manifest) throws StartFailure {
        return Gtid.parse(manifest.position())
                .orElseThrow(() -> new StartFailure(
                        "the backup stands at " + manifest.position() + ", in more than one stream of transactions",
                        "restore it without a point in time"));
    }

    private static StartFailure tooEarly(String wish, String stand) {
        return new StartFailure(
                wish + " lies before the backup, which stands at " + stand, "restore an older backup up to there");
    }

    @Override
    public void before(List<Gtid> held) throws StartFailure {
        Optional<Gtid> newest = held.stream().max(Comparator.comparingLong(Gtid::sequence));
        if (newest.equals(from)) {
            begin();
        } else if (newest.isPresent()
                && (from.isEmpty() || newest.get().sequence() > from.get().sequence())) {
            throw new StartFailure(
                    "the logs begin after " + newest.get() + ", and the backup stands at "
                            + from.map(Gtid::toString).orElse("the beginning") + ": what lies between is missing",
                    "name a node that has older logs, or use a newer backup");
        }
    }

    private void begin() {
        begun = true;
        last = from;
        done = from.isPresent() && from.equals(wanted);
    }

    @Override
    public boolean next(Gtid gtid, long second, Path file) throws StartFailure {
        if (previous.isPresent() && gtid.sequence() <= previous.get().sequence()) {
            throw new StartFailure(
                    file + ": " + gtid + " comes after " + previous.get() + ": no order to rely on", LAST_PRIMARY);
        }
        previous = Optional.of(gtid);
        if (!begun) {
            if (from.isPresent() && gtid.sequence() > from.get().sequence()) {
                throw new StartFailure(
                        "the backup's own transaction " + from.get() + " is not in the logs, which have " + gtid
                                + " in its place: they are of another history",
                        LAST_PRIMARY);
            }
            if (from.isPresent() && gtid.equals(from.get())) {
                begin();
                files.add(file);
            }
            return !done;
        }
        if (done || (before.isPresent() && second >= before.get().getEpochSecond())) {
            return false;
        }
        take(gtid, second, file);
        return !done;
    }

    private void take(Gtid gtid, long second, Path file) {
        last = Optional.of(gtid);
        lastSecond = second;
        count++;
        history = history.with(gtid.domain(), gtid.server(), gtid.sequence());
        if (files.isEmpty() || !files.get(files.size() - 1).equals(file)) {
            files.add(file);
        }
        done = wanted.isPresent() && wanted.get().equals(gtid);
    }

    private Piece piece(Path place) throws StartFailure {
        if (!begun && from.isPresent()) {
            throw new StartFailure(
                    "the backup's own transaction " + from.get() + " is not in the logs of " + place + ", which end at "
                            + previous.map(Gtid::toString).orElse("nothing"),
                    LAST_PRIMARY);
        }
        if (wanted.isPresent() && !done) {
            throw new StartFailure(
                    wanted.get() + " is not in the logs of " + place + ", which end at "
                            + previous.or(() -> from).map(Gtid::toString).orElse("nothing"),
                    "name a transaction that is there, or " + LAST_PRIMARY);
        }
        if (count == 0) {
            return new Piece(Optional.empty(), List.of(), text(), "; nothing was to be replayed");
        }
        return new Piece(
                last,
                List.copyOf(files),
                text(),
                "; then " + count + " transactions from " + place + ", the last " + last.orElseThrow()
                        + " begun in the second of " + Instant.ofEpochSecond(lastSecond));
    }

    private String text() {
        return history.equals(GtidPosition.EMPTY) ? "" : history.toString();
    }
}
