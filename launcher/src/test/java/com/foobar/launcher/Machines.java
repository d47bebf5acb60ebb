package com.foobar.launcher;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The three machines of the shipped file on three loopback addresses, a program on each. The addresses are this JVM's own, so that the
 * ports of the file can stay as they are.
 */
final class Machines implements AutoCloseable {
    static final Path CONF =
            Path.of("..", "conf", "three-servers.yaml").toAbsolutePath().normalize();
    private static final List<String> NAMES = List.of("lb1", "web1", "web2");

    private final Path folder;
    private final List<String> more;
    private final Children children = new Children();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, Integer> admins = new LinkedHashMap<>();
    private final int http = FreePorts.one();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /**
     * Nothing runs yet.
     *
     * @param more settings that are not the file's
     */
    Machines(Path folder, String... more) {
        this.folder = folder;
        this.more = List.of(more);
        long own = ProcessHandle.current().pid();
        for (String name : NAMES) {
            addresses.put(name, "127." + (1 + own / 250 % 250) + "." + own % 250 + "." + (10 + addresses.size()));
            admins.put(name, FreePorts.one());
        }
    }

    /** Does not wait until it is ready: none is without the others. */
    Child begin(String name) {
        List<String> words = new ArrayList<>(List.of("-Xmx256m", "-jar", Jar.FILE.toString()));
        words.addAll(List.of("--conf", CONF.toString(), "--server", name, "--data"));
        words.add(folder.resolve(name).toString());
        words.addAll(settings(name));
        return children.start(
                name, new ProcessBuilder(Children.java(words.toArray(String[]::new))).directory(folder.toFile()));
    }

    private List<String> settings(String name) {
        List<String> words = new ArrayList<>();
        addresses.forEach(
                (server, address) -> words.addAll(List.of("--set", "servers." + server + ".address=" + address)));
        words.addAll(List.of("--set", "lb.http=" + http, "--set", "admin.port=" + admins.get(name)));
        words.addAll(List.of("--set", "database-cluster.secret=a secret of three machines"));
        more.forEach(one -> words.addAll(List.of("--set", one)));
        return words;
    }

    /** An order to the process of that machine. */
    Jar.Said order(String name, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--conf", CONF.toString()));
        if (!words[0].equals("status")) {
            all.addAll(List.of("--data", folder.resolve(name).toString()));
        }
        all.addAll(settings(name));
        return Jar.say(children, all.toArray(String[]::new));
    }

    /** The status and the body, or zero and why there is none; through the balancer. */
    String post(String text) {
        return send(request("/api/messages", Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}")));
    }

    String get(String path) {
        return send(request(path, Duration.ofSeconds(10)));
    }

    /** What the process of that machine shows of itself. */
    String topology(String name) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admins.get(name) + "/topology"))
                .timeout(Duration.ofSeconds(5)));
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        return HttpRequest.newBuilder(URI.create("http://" + addresses.get("lb1") + ":" + http + path))
                .timeout(patience);
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException none) {
            return "0 " + none;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        children.close();
    }
}
