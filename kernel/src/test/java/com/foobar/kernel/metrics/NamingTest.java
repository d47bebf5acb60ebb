package com.foobar.kernel.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.metrics.Naming.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    COUNTER   | foobar_lb_requests_total         | Requests answered. | backend code
                    COUNTER   | foobar_lb_sent_bytes_total       | Bytes sent.        |
                    GAUGE     | foobar_pool_backends             | Backends.          | pool
                    GAUGE     | foobar_cache_hit_ratio           | Hits to look-ups.  |
                    GAUGE     | foobar_database_lag_seconds      | Lag.               | node
                    GAUGE     | foobar_http2_streams             | Streams.           |
                    HISTOGRAM | foobar_lb_request_seconds        | Duration.          | pool
                    INFO      | foobar_build_info                | The build.         | version
                    """)
    void fine(Kind kind, String name, String help, String labels) {
        assertThat(Naming.complaints(kind, name, help, split(labels))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GAUGE     | lb_connections               | Open. |          | prefix 'foobar_'
                    GAUGE     | foobar_                      | Open. |          | prefix 'foobar_'
                    GAUGE     | foobar_lbConnections         | Open. |          | lower snake case
                    GAUGE     | foobar_lb__connections       | Open. |          | lower snake case
                    GAUGE     | foobar_lb-connections        | Open. |          | lower snake case
                    GAUGE     | foobar_lag_ms                | Lag.  |          | the unit 'ms'
                    GAUGE     | foobar_cache_megabytes       | Size. |          | the unit 'megabytes'
                    GAUGE     | foobar_cache_hit_percent     | Hits. |          | the unit 'percent'
                    COUNTER   | foobar_wait_nanos_total      | Wait. |          | the unit 'nanos'
                    COUNTER   | foobar_lb_requests           | All.  |          | must end in _total
                    INFO      | foobar_build                 | It.   |          | must end in _info
                    HISTOGRAM | foobar_lb_request            | Time. |          | must end in _seconds or _bytes or _ratio
                    GAUGE     | foobar_lb_requests_total     | All.  |          | must not end in _total
                    GAUGE     | foobar_lb_requests_count     | All.  |          | must not end in _count
                    GAUGE     | foobar_open_gauge            | Open. |          | names its type
                    GAUGE     | foobar_open                  | Open  |          | full stop
                    GAUGE     | foobar_open                  | open. |          | full stop
                    GAUGE     | foobar_open                  | ''    |          | full stop
                    GAUGE     | foobar_open                  | Open. | le       | Prometheus's own
                    GAUGE     | foobar_open                  | Open. | quantile | Prometheus's own
                    GAUGE     | foobar_open                  | Open. | instance | Prometheus's own
                    GAUGE     | foobar_open                  | Open. | __name   | label that is not lower snake
                    GAUGE     | foobar_open                  | Open. | Backend  | label that is not lower snake
                    GAUGE     | foobar_open                  | Open. | a b a    | a label twice
                    """)
    void complained(Kind kind, String name, String help, String labels, String complaint) {
        assertThat(String.join("; ", Naming.complaints(kind, name, help, split(labels))))
                .contains(complaint);
    }

    private static List<String> split(String labels) {
        return labels == null ? List.of() : List.of(labels.split(" "));
    }
}
