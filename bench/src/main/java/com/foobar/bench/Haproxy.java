package com.foobar.bench;

import com.foobar.testkit.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The yardstick: every ratio of the results is against this one. */
final class Haproxy implements Contender {

    static final String NAME = "haproxy";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                Program.HAPROXY.version().replaceFirst(" - https.*", ""),
                "2 threads (`nbthread 2`), round robin, active checks every 2 s, connection reuse as by default (`safe`)",
                "`option httplog` into a memory ring: each line is formatted, none is a system call",
                "sets X-Forwarded-For, -Proto, -Host and X-Request-Id",
                "OpenSSL, ALPN h2 and http/1.1, TLS 1.2 and up");
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Running start(Bed bed) {
        Ports ports = Ports.free();
        return new Running(this, child(NAME, bed, ports, bed.backends().ports(), "/health"), ports);
    }

    /** @param check what the backends are asked for every 2 s */
    static Child child(String name, Bed bed, Ports ports, List<Integer> backends, String check) {
        Path conf = Bed.write(bed.room(name).resolve("haproxy.cfg"), conf(bed, ports, backends, check));
        return bed.children().start(name, List.of(Program.HAPROXY.path(), "-db", "-q", "-f", conf.toString()));
    }

    private static String conf(Bed bed, Ports ports, List<Integer> backends, String check) {
        String servers = backends.stream()
                .map(port -> "    server web%1$d 127.0.0.1:%1$d check inter 2s\n".formatted(port))
                .collect(Collectors.joining());
        return """
                global
                    nbthread 2
                    maxconn 2048
                    log ring@requests local0
                    ssl-default-bind-options ssl-min-ver TLSv1.2

                ring requests
                    format rfc3164
                    maxlen 1200
                    size 1048576

                defaults
                    mode http
                    log global
                    option httplog
                    option forwardfor
                    timeout connect 5s
                    timeout client 30s
                    timeout server 30s
                    timeout http-keep-alive 1h
                    unique-id-format %%{+X}o\\ %%ci:%%cp_%%fi:%%fp_%%Ts_%%rt:%%pid
                    unique-id-header X-Request-Id

                frontend front
                    bind 127.0.0.1:%d backlog 4096
                    bind 127.0.0.1:%d backlog 4096 ssl crt %s alpn h2,http/1.1
                    http-request set-header X-Forwarded-Proto %%[ssl_fc,iif(https,http)]
                    http-request set-header X-Forwarded-Host %%[req.hdr(host)]
                    default_backend web

                backend web
                    balance roundrobin
                    option httpchk
                    http-check send meth GET uri %s ver HTTP/1.1 hdr Host %s
                %s"""
                .formatted(ports.http(), ports.https(), bed.certificate(), check, Bed.SITE, servers);
    }
}
