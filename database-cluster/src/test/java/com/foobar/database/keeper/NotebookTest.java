package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.model.Boot;
import com.foobar.database.model.Epoch;
import com.foobar.database.model.Generation;
import com.foobar.database.model.Stamp;
import com.foobar.database.model.Term;
import com.foobar.kernel.lifecycle.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("n1").resolve("keeper");
    }

    @Test
    void whatWasNotedIsThereWhenItIsOpenedAgain() throws Exception {
        Notebook notebook = Notebook.open(file(), "c1");
        Notes unused = notebook.note(notes -> notes.booted(new Boot("b1-x", Boot.Tail.TRUNCATED), "7@x y:z=1")
                .obeying(new Stamp(new Term(3), 5, 7))
                .hearing(new Term(4), 6)
                .reigning(new Epoch(2))
                .following(new Generation("b1-x", new Epoch(2), 3)));
        Notes read = Notebook.open(file(), "c1").now();
        assertThat(read).isEqualTo(notebook.now());
        assertThat(read.boots()).isEqualTo(1);
        assertThat(read.process()).isEqualTo("7@x y:z=1");
    }

    @Test
    void notesOfAnotherClusterOrDamagedOnesAreRefusedWithACure() throws Exception {
        Notes unused = Notebook.open(file(), "c1").note(notes -> notes.reigning(new Epoch(2)));
        assertThatThrownBy(() -> Notebook.open(file(), "c2"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("of another cluster (c1, not c2)");
        Files.writeString(file(), Files.readString(file()).replace("reign=2", "reign=two"));
        assertThatThrownBy(() -> Notebook.open(file(), "c1"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("reign is no number: two");
        Files.writeString(file(), "");
        assertThatThrownBy(() -> Notebook.open(file(), "c1")).hasMessageContaining("it has no cluster");
    }
}
