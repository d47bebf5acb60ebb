package com.foobar.database.keeper;

import com.foobar.database.dialect.NodeStatus;
import com.foobar.database.dialect.Receiver.Threads;
import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the keeper knows of its server now. Orders change it on their thread, looks from theirs, the lease reads it from a timer: every
 * field is guarded by this object's lock, and nothing waits for a server while holding it.
 */
final class Station {

    /** A life and its name. */
    record Running(Life life, Boot boot) {}

    private final Notebook notebook;

    private @Nullable Running running;
    private boolean starting;

    /** From before its promotion until a look finds it read-only: a guess too many kills a server, one too few lets one live. */
    private boolean mayWrite;

    private boolean mayReceive;
    private Continuity continuity = Continuity.NONE;

    /** Odd while an order changes the server: what a look read meanwhile says nothing of before or after. */
    private long changes;

    Station(Notebook notebook) {
        this.notebook = notebook;
    }

    Notes notes() {
        return notebook.now();
    }

    synchronized @Nullable Running running() {
        return running != null && running.life().runs() ? running : null;
    }

    /** The life that was last begun, ended or not. */
    synchronized @Nullable Running last() {
        return running;
    }

    synchronized boolean starting() {
        return starting;
    }

    synchronized void starting(boolean now) {
        starting = now;
    }

    synchronized boolean mayWrite() {
        return mayWrite && running() != null;
    }

    synchronized boolean mayReceive() {
        return mayReceive && running() != null;
    }

    /** What the lease is renewed for. */
    synchronized @Nullable Epoch reign() {
        return mayWrite() ? notes().reign() : null;
    }

    synchronized long changes() {
        return changes;
    }

    synchronized void beginChange() {
        changes |= 1;
    }

    synchronized void endChange() {
        changes = (changes | 1) + 1;
    }

    Running begin(Life life, Boot.Tail tail) throws IOException {
        // The count orders lives for people; the random part differs even where the notes were lost.
        String id =
                "b" + (notes().boots() + 1) + "-" + UUID.randomUUID().toString().substring(0, 8);
        Boot boot = new Boot(id, tail);
        Notes unused = notebook.note(notes -> notes.booted(boot, life.mark()));
        return put(new Running(life, boot), Freedom.NONE);
    }

    /** What a server that was found may be doing. */
    record Freedom(boolean mayWrite, boolean mayReceive) {
        static final Freedom ANY = new Freedom(true, true);
        static final Freedom NONE = new Freedom(false, false);
    }

    /** A server that an earlier keeper began, or its operator. Nobody knows what its threads did meanwhile. */
    Running takeOn(Life life, Freedom seen) throws IOException {
        Notes now = notes();
        if (!now.process().equals(life.mark())) {
            Running begun = begin(life, Boot.Tail.KEPT);
            return put(begun, seen);
        }
        Generation unknown =
                now.generation().next(now.boot().id(), now.generation().followed());
        Notes unused = notebook.note(notes -> notes.following(unknown));
        return put(new Running(life, now.boot()), seen);
    }

    private synchronized Running put(Running next, Freedom freedom) {
        running = next;
        mayWrite = freedom.mayWrite();
        mayReceive = freedom.mayReceive();
        continuity = Continuity.NONE;
        return next;
    }

    void beginReign(Epoch epoch) throws IOException {
        Notes unused = notebook.note(notes -> notes.reigning(epoch));
        synchronized (this) {
            mayWrite = true;
        }
    }

    void beginFollowing(Generation as) throws IOException {
        Notes unused = notebook.note(notes -> notes.following(as));
        synchronized (this) {
            mayReceive = true;
            continuity = Continuity.NONE;
        }
    }

    synchronized void follows(Threads threads) {
        continuity = new Continuity(threads);
    }

    synchronized void receivesNot() {
        mayReceive = false;
    }

    /**
     * Takes note of what a look has read.
     *
     * @param since {@link #changes} before the server was asked
     * @return the notes that belong to it
     */
    synchronized Notes saw(Running of, NodeStatus status, long since) throws IOException {
        if (!of.equals(running)) {
            return notes();
        }
        if (!status.readOnly()) {
            mayWrite = true;
        }
        boolean receives = Reading.receives(status);
        if (receives) {
            mayReceive = true;
        }
        if (changes != since || changes % 2 != 0) {
            return notes();
        }
        mayWrite = !status.readOnly();
        mayReceive = receives;
        return status.receiver().isPresent() ? judge(status.receiver().get().threads()) : notes();
    }

    private Notes judge(Threads threads) throws IOException {
        boolean broken = continuity.isBrokenBy(threads);
        continuity = new Continuity(threads);
        if (!broken) {
            return notes();
        }
        return notebook.note(notes -> notes.following(
                notes.generation().next(notes.boot().id(), notes.generation().followed())));
    }
}
