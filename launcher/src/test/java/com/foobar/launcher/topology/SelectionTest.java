package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final Topology THREE = Read.topology(
            """
            servers:
              front: { address: 10.0.0.10, roles: [lb] }
              one: { address: 10.0.0.11, roles: [webserver, appserver, database-cluster] }
              two: { address: 10.0.0.12, roles: [webserver, appserver, database-cluster] }
            """);

    @Test
    void theOnlyServerNeedsNoName() throws Exception {
        Selection all = Selection.of(Read.topology(Read.ALONE), "", Set.of());

        assertThat(all.server()).isEqualTo("a");
        assertThat(all.instances()).extracting(Instance::name).containsExactly("lb1", "web1", "app1", "db1");
    }

    @Test
    void aServerRunsItsRolesAndNoOthers() throws Exception {
        assertThat(Selection.of(THREE, "two", Set.of()).instances())
                .extracting(Instance::name)
                .containsExactly("web2", "app2", "db2");
        assertThat(Selection.of(THREE, "two", Set.of(RoleName.APPSERVER)).instances())
                .extracting(Instance::name)
                .containsExactly("app2");
    }

    @Test
    void ofSeveralServersOneMustBeNamed() {
        assertThatThrownBy(() -> Selection.of(THREE, "", Set.of())).hasMessageContaining("--server front, one, two");
    }

    @Test
    void anUnknownServerIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Selection.of(THREE, "three", Set.of())).hasMessageContaining("one of front, one, two");
    }

    @Test
    void aRoleTheServerDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> Selection.of(THREE, "front", Set.of(RoleName.WEBSERVER)))
                .hasMessage("--role webserver: server front has no such role, it has lb");
    }
}
