package com.foobar.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.testkit.ManualTime;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoloQuorumTest {

    private final ManualTime time = new ManualTime();
    private final SoloQuorum solo = new SoloQuorum("db1", time);

    @AfterEach
    void close() {
        solo.close();
    }

    @Test
    void leadsFromItsFirstMomentAndConfirmsWhatWasWritten() throws Exception {
        assertThat(solo.standing()).isEqualTo(new Standing(true, 1, Optional.of("db1")));
        assertThat(solo.confirm("cluster").get()).isEqualTo(new Confirmed(1, time.nanos(), 0, ""));
        assertThat(solo.write("cluster", 0, "first", 1).get()).isEqualTo(new Written.Done(1));
        assertThat(solo.confirm("cluster").get()).isEqualTo(new Confirmed(1, time.nanos(), 1, "first"));
    }

    @Test
    void refusesTheOldTermAfterSteppingDownAndTells() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        solo.onStanding(told::countDown);
        solo.stepDown();
        assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(solo.write("cluster", 0, "late", 1).get()).isEqualTo(new Written.Deposed(2));
        assertThat(solo.write("cluster", 0, "new", 2).get()).isEqualTo(new Written.Done(1));
    }

    @Test
    void confirmsNothingOnceClosedAndTellsSo() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        solo.onStanding(told::countDown);
        solo.close();
        assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(solo.standing().leads()).isFalse();
        assertThatThrownBy(() -> solo.confirm("cluster").get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotLeading.class);
        assertThat(solo.write("cluster", 0, "late", 1).get()).isEqualTo(new Written.Deposed(1));
    }
}
