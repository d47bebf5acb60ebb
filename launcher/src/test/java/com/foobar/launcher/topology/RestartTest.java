package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestartTest {
    private static final Topology BEFORE = Read.topology(Read.ALONE);

    @Test
    void theSameTopologyNeedsNone() throws Exception {
        assertThat(needed(Read.topology(Read.ALONE))).isEmpty();
    }

    @Test
    void aMovedInstanceNeedsOne() throws Exception {
        assertThat(needed(Read.topology(Read.ALONE, "webserver.port=9081")))
                .singleElement()
                .asString()
                .startsWith("web1: runs here at 127.0.0.1:8081");
    }

    @Test
    void aMovedAdminPortNeedsOne() throws Exception {
        assertThat(needed(Read.topology(Read.ALONE, "admin.port=8405")))
                .singleElement()
                .asString()
                .startsWith("admin:");
    }

    @Test
    void anInstanceElsewhereIsNoneOfOurs() throws Exception {
        String grown = Read.ALONE.replace("} }", "}, b: { address: 127.0.0.2, roles: [webserver] } }");

        assertThat(needed(Read.topology(grown))).isEmpty();
    }

    private static List<String> needed(Topology after) throws Exception {
        return Restart.neededFor(BEFORE, after, Selection.of(BEFORE, "", Set.of()));
    }
}
