package com.foobar.bench;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two nginx processes of one worker each that answer from memory and sendfile, the cheapest backends there are: what is
 * measured in front of them is the contender. Every other path answers 200 too, so that anybody's health check passes.
 */
record Backends(List<Integer> ports, List<Child> processes) {

    static final String SMALL = "/small";
    static final String KIB_64 = "/64k";
    static final String MIB_1 = "/1m";

    private static final int SMALL_BYTES = 200;
    private static final int COUNT = 2;

    static Backends start(Path folder, Children children) {
        List<Integer> ports = FreePorts.block(COUNT);
        List<Child> processes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            processes.add(start(folder, children, "backend" + (i + 1), ports.get(i)));
        }
        return new Backends(ports, List.copyOf(processes));
    }

    private static Child start(Path folder, Children children, String name, int port) {
        try {
            Path room = Files.createDirectories(folder.resolve(name));
            Files.write(room.resolve("64k"), new byte[64 * 1024]);
            Files.write(room.resolve("1m"), new byte[1024 * 1024]);
            Path conf = Files.writeString(room.resolve("nginx.conf"), conf(room, port));
            return children.start(name, NginxProcess.command(room, conf));
        } catch (IOException e) {
            throw new UncheckedIOException("no backend " + name, e);
        }
    }

    /** Debian starts nginx's workers as another user, who must read a folder that only this user may enter. */
    private static String conf(Path room, int port) {
        return """
                %s
                worker_processes 1;
                events { worker_connections 8192; }
                http {
                    %s
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    open_file_cache max=16 inactive=1h;
                    keepalive_requests 1000000000;
                    keepalive_timeout 1h;
                    default_type text/plain;
                    server {
                        listen 127.0.0.1:%d backlog=4096;
                        root %s;
                        location / { return 200 "%s"; }
                        location = %s { }
                        location = %s { }
                    }
                }
                """
                .formatted(
                        NginxProcess.head(room),
                        NginxProcess.temporaries(room),
                        port,
                        room,
                        "x".repeat(SMALL_BYTES),
                        KIB_64,
                        MIB_1);
    }
}
