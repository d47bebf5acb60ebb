package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.config.Reading;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each impossible or doubtful topology, and the line an operator reads. */
class TopologyRulesTest {
    private static final String ALL = "webserver, appserver, database-cluster";

    static Stream<Arguments> impossible() {
        return Stream.of(
                Arguments.of("no server", "servers: {}", "there is no server"),
                Arguments.of(
                        "no balancer",
                        "servers: { a: { address: 10.0.0.1, roles: [" + ALL + "] } }",
                        "t.yaml:1: servers: no server has the role lb, add it to the roles of one"),
                Arguments.of(
                        "a role on no server",
                        "servers: { a: { address: 10.0.0.1, roles: [lb, webserver, database-cluster] } }",
                        "no server has the role appserver"),
                Arguments.of(
                        "nobody listens",
                        Read.ALONE + "\nlb: { http: 0, https: 0 }",
                        "lb.http and lb.https are both 0"),
                Arguments.of(
                        "two servers with one address and port",
                        """
                        servers:
                          a: { address: 10.0.0.1, roles: [lb, webserver, appserver, database-cluster] }
                          b: { address: 10.0.0.1, roles: [webserver] }
                        """,
                        "web2 on server b and web1 on server a would both listen on 10.0.0.1:8081"),
                Arguments.of(
                        "the balancer on the web server's port",
                        Read.ALONE + "\nlb: { http: 8081 }",
                        "web1 on server a and lb1 on server a would both listen on 127.0.0.1:8081"),
                Arguments.of(
                        "the admin port on the balancer's",
                        Read.ALONE + "\nadmin: { port: 8080 }",
                        "t.yaml:2: admin.port: the admin port and lb1 on server a would both listen on 127.0.0.1:8080"),
                Arguments.of(
                        "ports run out",
                        "servers: { a: { address: 127.0.0.1, roles: [lb, webserver, webserver, appserver, database-cluster] } }\nwebserver: { port: 65535 }",
                        "t.yaml:2: webserver.port: web2 would listen on 65536, the last port is 65535"),
                Arguments.of(
                        "two voters without a witness",
                        """
                        servers:
                          a: { address: 10.0.0.1, roles: [lb, webserver, appserver, database-cluster] }
                          b: { address: 10.0.0.2, roles: [database-cluster] }
                        """,
                        "two database servers (a, b) cannot outvote the loss of one"),
                Arguments.of(
                        "nobody to acknowledge",
                        Read.ALONE + "\ndatabase-cluster: { mode: strict }",
                        "t.yaml:2: database-cluster.mode: given \"strict\", expected two database nodes or more"),
                Arguments.of(
                        "a witness nobody knows",
                        Read.ALONE + "\ndatabase-cluster: { witness: x }",
                        "t.yaml:2: database-cluster.witness: given \"x\", expected one of the servers a"),
                Arguments.of(
                        "a witness that votes already",
                        Read.ALONE + "\ndatabase-cluster: { witness: a }",
                        "a server that holds no database"),
                Arguments.of(
                        "a priority of nobody",
                        Read.ALONE + "\ndatabase-cluster: { priorities: { db9: 10 } }",
                        "t.yaml:2: database-cluster.priorities.db9: there is no database node db9, there are db1"),
                Arguments.of(
                        "a negative priority",
                        Read.ALONE + "\ndatabase-cluster: { priorities: { db1: -1 } }",
                        "t.yaml:2: database-cluster.priorities.db1: given \"-1\""),
                Arguments.of(
                        "nobody may be primary",
                        Read.ALONE + "\ndatabase-cluster: { priorities: { db1: 0 } }",
                        "t.yaml:2: database-cluster.priorities: all nodes have priority 0"),
                Arguments.of(
                        "an admin port for everybody",
                        Read.ALONE + "\nadmin: { address: 0.0.0.0 }",
                        "t.yaml:2: admin.address: given \"0.0.0.0\", expected a loopback address, or admin.token"),
                Arguments.of(
                        "no admin port", Read.ALONE + "\nadmin: { port: 0 }", "t.yaml:2: admin.port: given \"0\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void impossible(String name, String yaml, String line) {
        Reading<Topology> reading = Read.reading(yaml);

        assertThat(reading.value()).isEmpty();
        assertThat(Read.lines(reading.errors()))
                .anySatisfy(one -> assertThat(one).contains(line));
    }

    static Stream<Arguments> doubtful() {
        return Stream.of(
                Arguments.of("one node", Read.ALONE, "one database node"),
                Arguments.of("no HTTPS", Read.ALONE + "\nlb: { https: 0 }", "t.yaml:2: lb.https: HTTPS is off"),
                Arguments.of(
                        "sessions nobody finds",
                        """
                        servers: { a: { address: 127.0.0.1, roles: [lb, webserver, appserver, appserver, database-cluster] } }
                        appserver: { sessions: memory }
                        """,
                        "t.yaml:2: appserver.sessions: each session is in the memory of one of several"),
                Arguments.of(
                        "one balancer",
                        """
                        servers:
                          a: { address: 10.0.0.1, roles: [lb] }
                          b: { address: 10.0.0.2, roles: [webserver, appserver, database-cluster] }
                        """,
                        "one load balancer"),
                Arguments.of(
                        "two nodes",
                        """
                        servers:
                          a: { address: 10.0.0.1, roles: [lb] }
                          b: { address: 10.0.0.2, roles: [webserver, appserver, database-cluster] }
                          c: { address: 10.0.0.3, roles: [database-cluster] }
                        """,
                        "two database nodes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void doubtful(String name, String yaml, String line) {
        Reading<Topology> reading = Read.reading(yaml);

        assertThat(reading.value()).isPresent();
        assertThat(Read.lines(reading.warnings()))
                .anySatisfy(one -> assertThat(one).contains(line));
    }
}
