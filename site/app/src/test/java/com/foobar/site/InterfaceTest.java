package com.foobar.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceTest {

    @Test
    void theProxiesAreThoseThatVisited() {
        assertThat(Whoami.proxies("1.1 lb1, 1.1 web2")).containsExactly("lb1", "web2");
        assertThat(Whoami.proxies("rubbish")).isEmpty();
        assertThat(Whoami.proxies(null)).isEmpty();
    }

    @Test
    void numbersHaveBoundsAndADefault() throws Exception {
        assertThat(Messages.number("limit", null, 50, 1000)).isEqualTo(50);
        assertThat(Messages.number("limit", "1000", 50, 1000)).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "", "ten", "99999999999999999999", "1e3"})
    void whatIsNoSuchNumberIsRefusedByName(String given) {
        assertThatThrownBy(() -> Messages.number("limit", given, 50, 1000))
                .isInstanceOf(Complaint.class)
                .hasMessageContaining("limit is a number from 1 to 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1/2", "9999999999999999999"})
    void whatIsNoIdNamesNoEntry(String given) {
        assertThatThrownBy(() -> Messages.id(given))
                .isInstanceOf(Complaint.class)
                .extracting(e -> ((Complaint) e).status())
                .isEqualTo(404);
    }

    @Test
    void anUnknownOutcomeIsNotCalledAFailure() {
        assertThat(Api.complaint(new SQLException("lost", "08007")).code()).isEqualTo("unknown");
        assertThat(Api.complaint(new SQLException("link failure", "08S01")).code())
                .isEqualTo("unknown");
        assertThat(Api.complaint(new SQLTransientConnectionException("no primary", "08001"))
                        .code())
                .isEqualTo("unavailable");
    }
}
