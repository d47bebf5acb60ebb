package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1 | READ",
                "  (SELECT 1) UNION (SELECT 2) | READ",
                "/* rid:a */ SELECT 1 | READ",
                "/*! INSERT INTO t VALUES (1) */ | DEFINE",
                "SHOW TABLES | READ",
                "INSERT INTO t VALUES (1) | CHANGE",
                "WITH x AS (SELECT 1) DELETE FROM t | CHANGE",
                "/* SELECT */ /* two */ update t set a = 1 | CHANGE",
                "CREATE TABLE t (a INT) | DEFINE",
                "CALL p() | DEFINE",
                "TRUNCATE t | DEFINE",
                "commit; | COMMIT",
                "ROLLBACK | ROLLBACK",
                "ROLLBACK TO SAVEPOINT a | SESSION",
                "BEGIN | BEGIN",
                "START TRANSACTION | BEGIN",
                "start  transaction   read only | BEGIN_READ_ONLY",
                "SET TRANSACTION READ ONLY | READ_ONLY_TRANSACTION",
                "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY | READ_ONLY_TRANSACTION",
                "SET TRANSACTION READ WRITE | READ_WRITE_TRANSACTION",
                "SET NAMES utf8mb4 | SESSION",
                "'' | DEFINE"
            })
    void isKnownByItsFirstWords(String sql, SqlText text) {
        assertThat(SqlText.of(sql)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "READ, false, false, false, READ",
        "READ, true, true, false, CHANGE",
        "READ, true, true, true, READ",
        "CHANGE, false, false, false, CHANGE_ALONE",
        "CHANGE, false, true, false, CHANGE",
        "CHANGE, true, false, false, CHANGE",
        "DEFINE, true, true, false, CHANGE_ALONE",
        "COMMIT, true, false, false, COMMIT",
        "COMMIT, true, false, true, READ",
        "ROLLBACK, true, true, false, CHANGE"
    })
    void whatIsLostWithIt(SqlText text, boolean open, boolean manual, boolean readOnly, Phase phase) {
        assertThat(Phase.of(text, open, manual, readOnly)).isEqualTo(phase);
    }
}
