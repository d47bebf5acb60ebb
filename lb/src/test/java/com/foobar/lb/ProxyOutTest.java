package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol to a server, with nginx to say what it understood. */
class ProxyOutTest {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void theServerLearnsWhoTheClientIsAndWhereItWent(String version) throws Exception {
        String nginx = Tools.require("nginx").toString();
        int port = FreePorts.one();
        try (Children children = new Children()) {
            children.start("nginx", List.of(nginx, "-p", data.toString(), "-c", configuration(port)));
            Await.until("nginx listens", Balancer.PATIENCE, () -> accepts(port));
            try (Balancer balancer = Balancer.started(
                            data,
                            List.of(),
                            "pools: {api: {servers: {n1: {address: '127.0.0.1:" + port + "'}}, send-proxy: " + version
                                    + "}}",
                            "routes: {all: {pool: api}}",
                            "trusted: [127.0.0.0/8]");
                    RawHttp client = balancer.connect()) {
                String told = "127.0.0.1 " + client.localAddress().getPort() + " 127.0.0.1 " + balancer.port();
                assertThat(told(Balancer.get(client, "/"))).isEqualTo(told);
                assertThat(told(Balancer.get(client, "/")))
                        .as("on a connection of its own again")
                        .isEqualTo(told);
                RawResponse reported = client.sendLines(
                                "GET / HTTP/1.1", "Host: localhost", "X-Forwarded-For: 2001:db8::7")
                        .response();
                // Nobody told its port, and nginx writes that as nothing.
                assertThat(told(reported))
                        .isEqualTo((version.equals("v1")
                                        ? "2001:db8:0:0:0:0:0:7  0:0:0:0:0:ffff:7f00:1 "
                                        : "2001:db8::7  ::ffff:127.0.0.1 ")
                                + balancer.port());
                try (RawHttp other = balancer.connect()) {
                    assertThat(told(Balancer.get(other, "/")))
                            .contains(" " + other.localAddress().getPort() + " ");
                }
            }
        }
    }

    private static String told(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        return response.text();
    }

    private static boolean accepts(int port) {
        try (RawHttp probe = RawHttp.connect(port)) {
            return !probe.isClosed();
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    private String configuration(int port) throws Exception {
        Path file = data.resolve("nginx.conf");
        Files.writeString(
                file,
                """
                daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%d proxy_protocol;
                    location / { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port"; }
                  }
                }
                """
                        .formatted(port));
        return file.toString();
    }
}
