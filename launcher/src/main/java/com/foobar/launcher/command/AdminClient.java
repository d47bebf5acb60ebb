package com.foobar.launcher.command;

import com.foobar.launcher.admin.Token;
import com.foobar.launcher.topology.AdminSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running process by its admin port, which the same configuration names. */
final class AdminClient {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(40);

    private final AdminSettings admin;
    private final Path data;

    /** No process answers, or not as one of ours would. */
    static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    AdminClient(AdminSettings admin, Path data) {
        this.admin = admin;
        this.data = data;
    }

    HttpResponse<String> get(String path) throws Unreachable, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /** With the token: for what changes something. */
    HttpResponse<String> send(String method, String path, String body) throws Unreachable, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token())
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Unreachable, InterruptedException {
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new Unreachable(
                    "no process answers on " + place() + " ("
                            + failed.getClass().getSimpleName()
                            + "): is it running, and with this admin.address and admin.port?",
                    failed);
        }
    }

    private String token() throws Unreachable {
        if (admin.token().isPresent()) {
            return admin.token().get().reveal();
        }
        Path file = Token.file(data);
        try {
            return Files.readString(file).strip();
        } catch (IOException failed) {
            throw new Unreachable(
                    "cannot read the admin token " + file + ": name the process's data directory with --data", failed);
        }
    }

    private URI uri(String path) {
        return URI.create("http://" + place() + path);
    }

    String place() {
        String host = admin.address().equals("0.0.0.0") ? "127.0.0.1" : admin.address();
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + admin.port();
    }
}
