package com.foobar.bench;

import com.foobar.testkit.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** nginx as a reverse proxy and as a web server. The free nginx has no active checks, so it does that much less. */
final class Nginx implements Contender {

    static final String NAME = "nginx";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                Program.NGINX.version(),
                "2 workers, round robin, 128 idle upstream connections per worker, no active checks (it has none)",
                "`access_log` in the combined format through a 64 KiB buffer into /dev/null",
                "sets X-Forwarded-For, -Proto, -Host and X-Request-Id",
                "as a web server: sendfile, tcp_nopush, open_file_cache with a second's validity, `try_files $uri @app`",
                "OpenSSL, HTTP/2 and HTTP/1.1, TLS 1.2 and up; no limit of requests per connection");
    }

    @Override
    public boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.BALANCER || tier == Scenario.Tier.WEB;
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Running start(Bed bed) {
        Ports ports = Ports.free();
        return new Running(this, child(NAME, bed, ports, bed.backends().ports()), ports);
    }

    static Child child(String name, Bed bed, Ports ports, List<Integer> upstream) {
        Path room = bed.room(name);
        Path conf = Bed.write(room.resolve("nginx.conf"), conf(bed, room, ports, upstream));
        return bed.children().start(name, NginxProcess.command(room, conf));
    }

    private static String conf(Bed bed, Path room, Ports ports, List<Integer> upstream) {
        String servers =
                upstream.stream().map(port -> "server 127.0.0.1:" + port + ";").collect(Collectors.joining(" "));
        return """
                %s
                worker_processes 2;
                events { worker_connections 4096; }
                http {
                    %s
                    access_log /dev/null combined buffer=64k flush=1s;
                    keepalive_requests 1000000000;
                    keepalive_timeout 1h;
                    ssl_certificate %5$s;
                    ssl_certificate_key %5$s;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    upstream web {
                        %6$s
                        keepalive 128;
                        keepalive_requests 1000000000;
                        keepalive_timeout 1h;
                    }
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-Host $host;
                    proxy_set_header X-Request-Id $request_id;
                    sendfile on;
                    tcp_nopush on;
                    open_file_cache max=1000 inactive=60s;
                    open_file_cache_valid 1s;
                    server {
                        listen 127.0.0.1:%7$d backlog=4096;
                        root %8$s;
                        location / { try_files $uri @app; }
                        location @app { proxy_pass http://web; }
                    }
                    server {
                        listen 127.0.0.1:%3$d backlog=4096;
                        listen 127.0.0.1:%4$d backlog=4096 ssl http2;
                        location / {
                            proxy_pass http://web;
                        }
                    }
                }
                """
                .formatted(
                        NginxProcess.head(room),
                        NginxProcess.temporaries(room),
                        ports.http(),
                        ports.https(),
                        bed.certificate(),
                        servers,
                        ports.web(),
                        bed.files());
    }
}
