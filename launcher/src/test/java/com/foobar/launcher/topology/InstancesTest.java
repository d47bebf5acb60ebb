package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstancesTest {

    @Test
    void aRoleNamedSeveralTimesTakesConsecutivePorts() {
        Topology demo = Read.topology(
                "servers: { local: { address: 127.0.0.1, roles: [lb, webserver, webserver, appserver, appserver, database-cluster, database-cluster, database-cluster] } }");

        assertThat(places(demo))
                .containsExactly(
                        "lb1 127.0.0.1:8080",
                        "web1 127.0.0.1:8081",
                        "web2 127.0.0.1:8082",
                        "app1 127.0.0.1:8091",
                        "app2 127.0.0.1:8092",
                        "db1 127.0.0.1:33061",
                        "db2 127.0.0.1:33062",
                        "db3 127.0.0.1:33063");
    }

    @Test
    void namesCountThroughTheFileAndPortsThroughTheServer() {
        Topology two = Read.topology(
                """
                servers:
                  lb1: { address: 10.0.0.10, roles: [lb] }
                  b: { address: 10.0.0.11, roles: [webserver, appserver, database-cluster] }
                  c: { address: 10.0.0.12, roles: [webserver, appserver, database-cluster] }
                lb: { http: 80, https: 443 }
                """);

        assertThat(places(two)).contains("web1 10.0.0.11:8081", "web2 10.0.0.12:8081", "db2 10.0.0.12:33061");
        assertThat(Instances.of(two).get(0).ports())
                .containsExactly(new Instance.Port("lb.http", 80), new Instance.Port("lb.https", 443));
    }

    @Test
    void aListenerThatIsOffHasNoPort() {
        Topology plain = Read.topology(Read.ALONE, "lb.https=0");

        assertThat(Instances.of(plain).get(0).ports()).containsExactly(new Instance.Port("lb.http", 8080));
    }

    private static List<String> places(Topology topology) {
        return Instances.of(topology).stream()
                .map(instance -> instance.name() + " " + instance.place())
                .toList();
    }
}
