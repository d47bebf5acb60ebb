package com.foobar.quorum;

import static com.foobar.quorum.Voters.confirm;
import static com.foobar.quorum.Voters.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.testkit.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter whose disk is full already when it starts. */
class NoRoomForAVoterIT {

    @TempDir
    Path folder;

    @Test
    void aNewOneIsRefusedWithTheReasonAndStartsWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"), "64m");
                Voters voters = new Voters(disk.folder(), "a")) {
            Path ballast = disk.fill();
            assertThatThrownBy(() -> voters.start("a"))
                    .isInstanceOfSatisfying(
                            StartFailure.class, failure -> assertThat(failure.getMessage() + failure.cure())
                                    .contains(disk.folder().toString(), "No space left", "disk"));
            Files.delete(ballast);
            Quorum alone = voters.start("a");
            voters.awaitLeader();
            assertThat(write(alone, 0, "kept", confirm(alone).term())).isEqualTo(new Written.Done(1));
        }
    }

    /** It cannot note a vote, so it casts none; as soon as it can it takes part again, with all it knew. */
    @Test
    void oneWithAMemoryWaitsForRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"), "64m");
                Voters voters = new Voters(disk.folder(), "a")) {
            Quorum before = voters.start("a");
            voters.awaitLeader();
            Confirmed first = confirm(before);
            assertThat(write(before, 0, "kept", first.term())).isEqualTo(new Written.Done(1));
            voters.stopAll();
            Path ballast = disk.fill();
            Quorum after = voters.start("a");
            assertThat(after.standing().leads()).isFalse();
            assertThatThrownBy(() -> confirm(after)).hasCauseInstanceOf(NotLeading.class);
            Files.delete(ballast);
            voters.awaitLeader();
            assertThat(confirm(after).content()).isEqualTo("kept");
            assertThat(confirm(after).term()).isGreaterThan(first.term());
            assertThat(write(after, 1, "more", confirm(after).term())).isEqualTo(new Written.Done(2));
        }
    }
}
