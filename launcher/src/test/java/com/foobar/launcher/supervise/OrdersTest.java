package com.foobar.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final Orders orders = new Orders(Thread.currentThread());

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void theFirstStopInterruptsAndTheSecondSaysSo() {
        assertThat(orders.stop()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(orders.stop()).isFalse();
    }

    @Test
    void aReloadAfterTheStopIsRefused() throws Exception {
        orders.stop();
        Thread.interrupted();

        ReloadAnswer answer = orders.reload().get(1, TimeUnit.SECONDS);

        assertThat(answer.changed()).isFalse();
        assertThat(answer.lines()).containsExactly("the process is stopping");
    }
}
