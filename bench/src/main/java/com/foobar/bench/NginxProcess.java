package com.foobar.bench;

import java.nio.file.Path;
import java.util.List;

/** What any nginx needs to run out of one folder, whoever started it. */
final class NginxProcess {

    private NginxProcess() {}

    static List<String> command(Path room, Path conf) {
        return List.of(Program.NGINX.path(), "-e", "stderr", "-p", room.toString(), "-c", conf.toString());
    }

    /** Master and workers in the foreground, so that the child's process tree is all there is. */
    static String head(Path room) {
        return """
                user %s;
                daemon off;
                master_process on;
                pid %s/nginx.pid;
                error_log stderr error;
                worker_rlimit_nofile 16384;
                """
                .formatted(System.getProperty("user.name"), room);
    }

    static String temporaries(Path room) {
        return """
                client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                """
                .formatted(room)
                .stripTrailing();
    }
}
