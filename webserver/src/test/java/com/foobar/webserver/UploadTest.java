package com.foobar.webserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import com.foobar.testkit.SmallDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on their way to the application: it sees none before it is whole, unless told otherwise. */
class UploadTest {
    @TempDir
    Path folder;

    private final ScriptedBackend app = ScriptedBackend.answering("app1");

    @AfterEach
    void close() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1023, 1024, 1025, 65_536, 65_537, 1_000_000})
    void bodiesArriveAsTheyWereSent(int size) throws Exception {
        String body = random(size);
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            assertThat(client.send(Web.post("/x", body)).response().status()).isEqualTo(200);
            assertThat(client.send(chunked(body, 4096)).response().status()).isEqualTo(200);
            assertThat(client.send(Web.post("/x", "short")).response().status())
                    .as("on the same connection again")
                    .isEqualTo(200);
            List<Request> seen = posts();
            assertThat(seen.get(0).latin1()).isEqualTo(body);
            assertThat(seen.get(1).latin1()).isEqualTo(body);
            assertThat(seen.get(1).header("Content-Length")).as("known by now").isEqualTo(Integer.toString(size));
            assertThat(seen.get(1).header("Transfer-Encoding")).isNull();
            assertThat(seen.get(2).latin1()).isEqualTo("short");
            assertThat(client.send(Web.head("GET", "/")).response().text()).isEqualTo("first page");
            nothingIsLeft(web);
        }
    }

    @Test
    void emptyBodiesAreOrdinary() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            assertThat(client.send(Web.post("/x", "")).response().status()).isEqualTo(200);
            assertThat(client.send(chunked("", 1)).response().status()).isEqualTo(200);
            assertThat(posts()).hasSize(2).allMatch(request -> request.latin1().isEmpty());
        }
    }

    @Test
    void pipelinedRequestsFollow() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            client.send(Web.post("/a", "one") + chunked("two", 1) + Web.post("/c", "three"));
            for (int i = 0; i < 3; i++) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            assertThat(posts()).extracting(Request::latin1).containsExactly("one", "two", "three");
        }
    }

    @Test
    void theApplicationSeesNothingBeforeTheBodyIsWhole() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect();
                RawHttp other = web.connect()) {
            client.send(Web.head("POST", "/x", "Content-Length: 10") + "01234");
            Await.until("it is held", Web.PATIENCE, () -> gauge(web, "foobar_web_uploads_waiting") == 1);
            assertThat(Web.get(other, "/y").text()).isEqualTo("app1");
            assertThat(posts()).isEmpty();
            client.send("56789");
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(posts().get(0).latin1()).isEqualTo("0123456789");
        }
    }

    @Test
    void whoeverAsksFirstIsToldToGoOn() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            client.send(Web.head("POST", "/x", "Content-Length: 2", "Expect: 100-continue"));
            assertThat(client.anyResponse().status()).isEqualTo(100);
            assertThat(client.send("hi").response().status()).isEqualTo(200);
            assertThat(posts().get(0).latin1()).isEqualTo("hi");
            assertThat(posts().get(0).header("Expect")).isNull();
        }
    }

    @Test
    void streamedPathsAreNotHeld() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "uploads: {streamed: [/live]}");
                RawHttp client = web.connect()) {
            app.onHead(request -> request.target().equals("/live/x") ? Script.answer(200, "early") : null);
            client.send(Web.head("POST", "/live/x", "Content-Length: 10") + "01234");
            assertThat(client.response().text()).isEqualTo("early");
        }
    }

    @Test
    void tooLargeIs413() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "uploads: {largest: 1KiB}")) {
            try (RawHttp client = web.connect()) {
                assertThat(client.send(Web.head("POST", "/x", "Content-Length: 1025"))
                                .response()
                                .status())
                        .isEqualTo(413);
            }
            try (RawHttp client = web.connect()) {
                assertThat(client.send(chunked(random(5000), 500)).response().status())
                        .isEqualTo(413);
            }
            assertThat(posts()).isEmpty();
            nothingIsLeft(web);
        }
    }

    @Test
    void largeBodiesGoToAFileThatHasNoName() throws Exception {
        try (Web web = Web.started(folder, List.of(app));
                RawHttp client = web.connect()) {
            String body = random(300_000);
            client.send(Web.head("POST", "/x", "Content-Length: " + body.length()) + body.substring(0, 200_000));
            Await.until("some is in a file", Web.PATIENCE, () -> gauge(web, "foobar_web_uploads_file_bytes") > 100_000);
            assertThat(gauge(web, "foobar_web_uploads_memory_bytes")).isLessThanOrEqualTo(65_536);
            try (Stream<Path> files = Files.list(web.uploads())) {
                assertThat(files).as("a killed process would leave it").isEmpty();
            }
            client.send(body.substring(200_000));
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(posts().get(0).latin1()).isEqualTo(body);
            nothingIsLeft(web);
        }
    }

    @Test
    void whenMemoryIsTakenBodiesGoToFilesEarlier() throws Exception {
        String body = random(50_000);
        try (Web web = Web.started(folder, List.of(app), "uploads: {memory-of-all: 2KiB}");
                RawHttp client = web.connect()) {
            assertThat(client.send(Web.post("/x", body)).response().status()).isEqualTo(200);
            assertThat(posts().get(0).latin1()).isEqualTo(body);
            nothingIsLeft(web);
        }
    }

    @Test
    void whenFilesAreTakenItIs503AndOthersAreServed() throws Exception {
        try (Web web = Web.started(folder, List.of(app), "uploads: {memory: 1KiB, files-of-all: 10KiB}")) {
            try (RawHttp client = web.connect()) {
                RawResponse full = client.send(Web.post("/x", random(50_000))).response();
                assertThat(full.status()).isEqualTo(503);
                assertThat(full.header("Retry-After")).isEqualTo("1");
            }
            // The answer comes before its room is free again.
            nothingIsLeft(web);
            try (RawHttp client = web.connect()) {
                assertThat(client.send(Web.post("/x", random(5_000))).response().status())
                        .isEqualTo(200);
            }
            nothingIsLeft(web);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIs503AndOthersAreServed() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            Files.createDirectories(web.uploads().getParent());
            Files.writeString(web.uploads(), "a file where the folder should be");
            try (RawHttp client = web.connect()) {
                assertThat(client.send(Web.post("/x", random(100_000)))
                                .response()
                                .status())
                        .isEqualTo(503);
            }
            assertThat(posts()).isEmpty();
            try (RawHttp client = web.connect()) {
                assertThat(client.send(Web.post("/x", random(10_000)))
                                .response()
                                .status())
                        .isEqualTo(200);
            }
            nothingIsLeft(web);
        }
    }

    @Test
    void aFullDiskIs503AndOthersAreServed() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            try (SmallDisk disk = SmallDisk.at(web.uploads(), "256k")) {
                try (RawHttp client = web.connect()) {
                    assertThat(client.send(Web.post("/x", random(1_000_000)))
                                    .response()
                                    .status())
                            .isEqualTo(503);
                }
                try (RawHttp client = web.connect()) {
                    assertThat(client.send(Web.post("/x", random(10_000)))
                                    .response()
                                    .status())
                            .isEqualTo(200);
                }
                nothingIsLeft(web);
                try (RawHttp client = web.connect()) {
                    assertThat(client.send(Web.post("/x", random(200_000)))
                                    .response()
                                    .status())
                            .as(disk.folder() + " has its space back")
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void whoeverLeavesInTheMiddleLeavesNothing() throws Exception {
        try (Web web = Web.started(folder, List.of(app))) {
            for (int size : new int[] {10, 70_000, 200_000}) {
                try (RawHttp client = web.connect()) {
                    client.send(Web.head("POST", "/x", "Content-Length: 300000") + random(size));
                    Await.until("it is held", Web.PATIENCE, () -> gauge(web, "foobar_web_uploads_waiting") == 1);
                }
                nothingIsLeft(web);
            }
            assertThat(posts()).isEmpty();
        }
    }

    private static void nothingIsLeft(Web web) {
        for (String metric : List.of("waiting", "memory_bytes", "file_bytes")) {
            Await.until(
                    "no " + metric + " left",
                    Duration.ofSeconds(5),
                    () -> gauge(web, "foobar_web_uploads_" + metric),
                    value -> value == 0);
        }
    }

    static double gauge(Web web, String metric) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            web.metrics.write(out, null);
            return out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(metric + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private List<Request> posts() {
        return app.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    private static String random(int size) {
        StringBuilder text = new StringBuilder(size);
        Random dice = new Random(size);
        for (int i = 0; i < size; i++) {
            text.append((char) ('!' + dice.nextInt(90)));
        }
        return text.toString();
    }

    private static String chunked(String body, int chunk) {
        StringBuilder text = new StringBuilder(Web.head("POST", "/x", "Transfer-Encoding: chunked"));
        for (int at = 0; at < body.length(); at += chunk) {
            String piece = body.substring(at, Math.min(body.length(), at + chunk));
            text.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        return text.append("0\r\n\r\n").toString();
    }
}
