package com.foobar.database.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.dialect.Receiver.Threads;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuityTest {

    @ParameterizedTest(name = "{0}/{1} then {2}/{3}: {5}")
    @CsvSource({
        "11, 12, 11, 12, false, nothing happened",
        "11, 12, 0, 12, false, the receiver was stopped",
        "0, 12, 21, 12, false, and started",
        "11, 12, 21, 12, false, or both between two looks",
        "11, 12, 11, 0, false, the applier stopped",
        "11, 0, 11, 22, false, and was started while something was received",
        "11, 12, 21, 22, true, both were restarted",
        "11, 12, 21, 0, true, the receiver was started while nothing was applied",
        "11, 12, 0, 22, true, the applier was started while nothing was received",
        "11, 12, 0, 0, true, both stopped: they may have been started between",
        "0, 0, 0, 0, false, a server that never received",
        "0, 0, 21, 22, true, started by somebody",
    })
    void threadsTellWhetherARelayLogMayHaveBeenEmptied(
            long receiving, long applying, long nowReceiving, long nowApplying, boolean broken, String what) {
        assertThat(new Continuity(new Threads(receiving, applying)).isBrokenBy(new Threads(nowReceiving, nowApplying)))
                .as(what)
                .isEqualTo(broken);
    }
}
