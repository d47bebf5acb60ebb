package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.database.embedded.LogDiagnosis.Cause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogDiagnosisTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT_TAKEN|[ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use",
                "DISK_FULL|[ERROR] InnoDB: Error number 28 means 'No space left on device'",
                "DISK_FULL|[ERROR] mariadbd: Disk is full writing './binlog.000001' (Errcode: 28)",
                "LIBRARY_MISSING|mariadbd: error while loading shared libraries: libsystemd.so.0: cannot open shared object",
                "IN_USE|[ERROR] mariadbd: Can't lock aria control file '/d/aria_log_control' for exclusive use",
                "NOT_PERMITTED|[ERROR] mariadbd: Can't create/write to file '/d/pid' (Errcode: 13 \"Permission denied\")",
                "OPTION_UNKNOWN|[ERROR] /e/mariadbd: unknown variable 'init-rpl-role=SLAVE'",
                "OTHER_VERSION|[ERROR] InnoDB: Upgrade after a crash is not supported.",
                "NO_MEMORY|[ERROR] InnoDB: Cannot allocate memory for the buffer pool",
                "TAIL_NOT_CUT|[ERROR] Cannot truncate the binary log to file:./binlog.000001 pos:936196 as unsafe statement is found",
                "DAMAGED|[ERROR] InnoDB: Database page corruption on disk",
                "UNKNOWN|[ERROR] Aborting",
                "UNKNOWN|[Note] mariadbd: ready for connections."
            })
    void namesTheCause(Cause cause, String line) {
        LogDiagnosis diagnosis = LogDiagnosis.of("2026-11-21 [Note] Starting MariaDB\n" + line + "\n");
        assertThat(diagnosis.cause()).isEqualTo(cause);
        assertThat(diagnosis.line()).isEqualTo(line);
    }
}
