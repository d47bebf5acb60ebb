package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTest {

    private static final SQLException LOST = new SQLException("Communications link failure", "08S01");
    private static final SQLException CLOSED =
            new SQLNonTransientConnectionException("after connection closed", "08003");
    private static final SQLException REFUSED = new SQLNonTransientConnectionException("refused", "08001", LOST);
    private static final SQLException FULL =
            new SQLNonTransientConnectionException("Too many connections", "08004", 1040);
    private static final SQLException DENIED = new SQLException("Access denied", "28000", 1045);
    private static final SQLException READ_ONLY =
            new SQLException("running with the --read-only option", "HY000", 1290);
    private static final SQLException OTHER_OPTION =
            new SQLException("running with the --secure-file-priv option", "HY000", 1290);
    private static final SQLException SYNTAX = new SQLSyntaxErrorException("near SELEKT", "42000", 1064);
    private static final SQLException DOUBLE = new SQLIntegrityConstraintViolationException("Duplicate", "23000", 1062);
    private static final SQLException DEADLOCK = new SQLTransactionRollbackException("Deadlock", "40001", 1213);
    private static final SQLException TIMEOUT = new SQLTimeoutException("Statement cancelled");
    private static final SQLException KILLED = new SQLException("Connection was killed", "70100", 1927);
    private static final SQLException SHUTDOWN = new SQLException("Server shutdown in progress", "08S01", 1053);
    private static final SQLException RECOVERABLE = new SQLRecoverableException("gone");
    private static final SQLException POOL = new SQLTransientConnectionException("request timed out after 500ms");
    private static final SQLException POOL_CLOSED = new SQLException("Connection is closed");
    private static final SQLException BROKEN = new SQLException("reading", new RuntimeException(new EOFException()));

    static Stream<Arguments> rows() {
        return Stream.of(
                row(LOST, Phase.OBTAIN, false, Fault.ELSEWHERE),
                row(REFUSED, Phase.OBTAIN, false, Fault.ELSEWHERE),
                row(FULL, Phase.OBTAIN, false, Fault.ELSEWHERE),
                row(POOL, Phase.OBTAIN, false, Fault.ELSEWHERE),
                row(SHUTDOWN, Phase.OBTAIN, false, Fault.ELSEWHERE),
                row(DENIED, Phase.OBTAIN, false, Fault.CALLER),
                row(LOST, Phase.READ, false, Fault.ELSEWHERE),
                row(CLOSED, Phase.READ, true, Fault.ELSEWHERE),
                row(KILLED, Phase.READ, false, Fault.ELSEWHERE),
                row(BROKEN, Phase.READ, false, Fault.ELSEWHERE),
                row(READ_ONLY, Phase.READ, false, Fault.CALLER),
                row(SYNTAX, Phase.READ, false, Fault.CALLER),
                row(LOST, Phase.CHANGE, false, Fault.UNDONE),
                row(LOST, Phase.CHANGE, true, Fault.UNDONE),
                row(READ_ONLY, Phase.CHANGE, false, Fault.STALE_PRIMARY),
                row(DEADLOCK, Phase.CHANGE, false, Fault.CALLER),
                row(LOST, Phase.CHANGE_ALONE, false, Fault.UNKNOWN),
                row(CLOSED, Phase.CHANGE_ALONE, false, Fault.UNKNOWN),
                row(CLOSED, Phase.CHANGE_ALONE, true, Fault.ELSEWHERE),
                row(KILLED, Phase.CHANGE_ALONE, false, Fault.UNKNOWN),
                row(RECOVERABLE, Phase.CHANGE_ALONE, false, Fault.UNKNOWN),
                row(BROKEN, Phase.CHANGE_ALONE, false, Fault.UNKNOWN),
                row(READ_ONLY, Phase.CHANGE_ALONE, false, Fault.STALE_PRIMARY),
                row(OTHER_OPTION, Phase.CHANGE_ALONE, false, Fault.CALLER),
                row(DOUBLE, Phase.CHANGE_ALONE, false, Fault.CALLER),
                row(TIMEOUT, Phase.CHANGE_ALONE, false, Fault.CALLER),
                row(POOL_CLOSED, Phase.CHANGE, true, Fault.UNDONE),
                row(POOL_CLOSED, Phase.CHANGE, false, Fault.CALLER),
                row(LOST, Phase.COMMIT, false, Fault.UNKNOWN),
                row(SHUTDOWN, Phase.COMMIT, false, Fault.UNKNOWN),
                row(CLOSED, Phase.COMMIT, true, Fault.UNDONE));
    }

    private static Arguments row(SQLException failure, Phase phase, boolean aborted, Fault fault) {
        return Arguments.of(failure, phase, aborted, fault);
    }

    @ParameterizedTest(name = "{0} while {1}, cut before: {2} -> {3}")
    @MethodSource("rows")
    void means(SQLException failure, Phase phase, boolean aborted, Fault fault) {
        assertThat(Fault.of(failure, phase, aborted)).isEqualTo(fault);
    }
}
