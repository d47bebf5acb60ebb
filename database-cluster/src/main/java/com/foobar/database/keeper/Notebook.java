package com.foobar.database.keeper;

import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The {@link Notes} in memory and on the disk. What is noted is on the disk when the call returns, or was not noted. */
final class Notebook {
    private final Path file;

    /** Replaced under this object's lock, read by anybody. */
    private volatile Notes notes;

    private Notebook(Path file, Notes notes) {
        this.file = file;
        this.notes = notes;
    }

    static Notebook open(Path file, String cluster) throws StartFailure {
        try {
            Path folder = file.toAbsolutePath().resolveSibling("");
            Path unused = DurableFile.secretFolder(folder);
            if (!Files.exists(file)) {
                return new Notebook(file, Notes.empty(cluster));
            }
            Notes notes = Notes.parse(Files.readString(file));
            if (!notes.cluster().equals(cluster)) {
                throw new StartFailure(
                        "the notes in " + file + " are of a node of another cluster (" + notes.cluster() + ", not "
                                + cluster + ")",
                        "choose another data directory");
            }
            return new Notebook(file, notes);
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    "the notes of the node's keeper in " + file + " cannot be understood: " + e.getMessage(),
                    "restore the file, or move the node's whole folder away and let it be provisioned anew",
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    "the notes of the node's keeper in " + file + " cannot be read: " + e,
                    "make the folder writable for the user that runs this, on a disk with space",
                    e);
        }
    }

    Notes now() {
        return notes;
    }

    /** A change that makes no difference costs no write. */
    synchronized Notes note(UnaryOperator<Notes> change) throws IOException {
        Notes next = change.apply(notes);
        if (!next.equals(notes)) {
            DurableFile.write(file, next.text());
            notes = next;
        }
        return next;
    }
}
