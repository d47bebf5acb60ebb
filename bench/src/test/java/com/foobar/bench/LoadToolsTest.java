package com.foobar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What the load generators print, and what must never count as speed. */
class LoadToolsTest {

    private static final Wrk WRK = new Wrk(64, false);
    private static final H2load H2LOAD = new H2load(16, 16);

    private static final String WRK_GOOD =
            """
            Running 3s test @ http://127.0.0.1:31999/small
              2 threads and 32 connections
              1704 requests in 3.05s, 249.61KB read
            Requests/sec:    558.84
            Transfer/sec:     81.86KB
            """;

    private static final String H2_GOOD =
            """
            TLS Protocol: TLSv1.3
            Application protocol: h2
            finished in 2.01s, 26686.50 req/s, 6.31MB/s
            requests: 53373 total, 53629 started, 53373 done, 53373 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 53373 2xx, 0 3xx, 0 4xx, 0 5xx
            req/s           :     1600.10     1700.20     1650.00       20.00    70.00%
            """;

    @Test
    void wrkCounts() throws LoadFailure {
        Outcome outcome = WRK.parse(WRK_GOOD);

        assertThat(outcome.requests()).isEqualTo(1704);
        assertThat(outcome.perSecond()).isEqualTo(558.84);
    }

    @Test
    void anErrorAnsweredQuicklyIsNotSpeed() {
        assertThatThrownBy(() -> WRK.parse(WRK_GOOD + "  Non-2xx or 3xx responses: 7\n"))
                .isInstanceOf(LoadFailure.class)
                .hasMessage("7 answers were not 2xx");
        assertThatThrownBy(() -> H2LOAD.parse(H2_GOOD.replace("0 5xx", "3 5xx")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageStartingWith("3 requests failed");
    }

    @Test
    void brokenConnectionsSpoilTheRun() {
        String broken = "  Socket errors: connect 0, read 3, write 0, timeout 1\n";

        assertThatThrownBy(() -> WRK.parse(broken + WRK_GOOD))
                .isInstanceOf(LoadFailure.class)
                .hasMessage(broken.strip());
        assertThatThrownBy(() -> H2LOAD.parse(H2_GOOD.replace("0 failed", "5 failed")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageStartingWith("5 requests failed");
    }

    @Test
    void noAnswerAtAllIsAFailureAndNotAZero() {
        assertThatThrownBy(() -> WRK.parse(WRK_GOOD.replace("1704", "0")))
                .isInstanceOf(LoadFailure.class)
                .hasMessage("not one request was answered");
    }

    @Test
    void rubbishIsShown() {
        assertThatThrownBy(() -> WRK.parse("unable to connect to 127.0.0.1"))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("unable to connect");
    }

    @Test
    void h2loadCounts() throws LoadFailure {
        Outcome outcome = H2LOAD.parse(H2_GOOD);

        assertThat(outcome.requests()).isEqualTo(53_373);
        assertThat(outcome.perSecond()).isEqualTo(26_686.5);
    }

    /** A contender that falls back to HTTP/1.1 must not stand in the HTTP/2 table. */
    @Test
    void h2loadOverHttp1IsRefused() {
        assertThatThrownBy(() -> H2LOAD.parse(H2_GOOD.replace("protocol: h2", "protocol: http/1.1")))
                .isInstanceOf(LoadFailure.class)
                .hasMessage("nobody answered, or not in HTTP/2");
    }
}
