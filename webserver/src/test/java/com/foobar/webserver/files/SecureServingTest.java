package com.foobar.webserver.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Tls;
import com.foobar.http.listen.TlsEngine;
import com.foobar.kernel.tls.CertificateMap;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.ServerCertificates;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.testkit.TlsChoice;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same files under TLS and in HTTP/2, where nothing goes by sendfile; the client is the JDK's, which is no friend of ours. */
class SecureServingTest {
    private static final int LARGE = 1_000_000;

    @TempDir
    Path folder;

    private Root root;

    @BeforeEach
    void fill() throws IOException {
        root = new Root(folder.resolve("root"));
        root.put("small.html", "<html>small</html>");
        root.put("large.bin", Root.noise(LARGE));
        root.put("page.html", "compress me, please. ".repeat(300));
    }

    private Listener secure(Stage stage) throws Exception {
        var material = DevelopmentAuthority.open(folder.resolve("certs"), InstantSource.system())
                .leaf("web", ServerNames.of(List.of("localhost"), List.of()));
        return stage.secure(Tls.of(TlsEngine.JDK.context(new ServerCertificates(CertificateMap.of(material)))));
    }

    private Stage stage() throws Exception {
        return new Stage(Stage.site(SiteSettings.of(root.path, "localhost", "site.test")), FileCacheSettings.DEFAULT);
    }

    private static HttpClient client(Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TlsChoice.plain().context())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static HttpRequest request(Listener listener, String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + listener.address().getPort() + path))
                .timeout(Duration.ofSeconds(20));
        return (fields.length == 0 ? request : request.headers(fields)).build();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void filesComeWhole(Version version) throws Exception {
        try (Stage stage = stage()) {
            Listener listener = secure(stage);
            HttpClient client = client(version);
            for (int i = 0; i < 2; i++) {
                HttpResponse<byte[]> large = client.send(request(listener, "/large.bin"), BodyHandlers.ofByteArray());
                assertThat(large.version()).isEqualTo(version);
                assertThat(large.body()).isEqualTo(Root.noise(LARGE));
                assertThat(large.headers().firstValue("content-length")).contains("" + LARGE);
                HttpResponse<String> small = client.send(request(listener, "/small.html"), BodyHandlers.ofString());
                assertThat(small.body()).isEqualTo("<html>small</html>");
                assertThat(small.headers().firstValue("etag")).contains(root.tag("small.html", ""));
            }
            HttpResponse<Void> head = client.send(
                    HttpRequest.newBuilder(request(listener, "/large.bin"), (name, value) -> true)
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
            assertThat(head.headers().firstValue("content-length")).contains("" + LARGE);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void rangesConditionsAndCodings(Version version) throws Exception {
        try (Stage stage = stage()) {
            Listener listener = secure(stage);
            HttpClient client = client(version);
            byte[] content = Root.noise(LARGE);
            HttpResponse<byte[]> part = client.send(
                    request(listener, "/large.bin", "Range", "bytes=400000-799999"), BodyHandlers.ofByteArray());
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 400_000, 800_000));
            HttpResponse<byte[]> parts = client.send(
                    request(listener, "/large.bin", "Range", "bytes=0-0,400000-799999,-1"), BodyHandlers.ofByteArray());
            assertThat(parts.headers().firstValueAsLong("content-length")).hasValue(parts.body().length);
            assertThat(parts.statusCode()).isEqualTo(206);
            HttpResponse<String> same = client.send(
                    request(listener, "/small.html", "If-None-Match", root.tag("small.html", "")),
                    BodyHandlers.ofString());
            assertThat(same.statusCode()).isEqualTo(304);
            HttpResponse<byte[]> zipped =
                    client.send(request(listener, "/page.html", "Accept-Encoding", "gzip"), BodyHandlers.ofByteArray());
            assertThat(zipped.headers().firstValue("content-encoding")).contains("gzip");
            assertThat(zipped.body().length).isLessThan(1000);
            assertThat(client.send(request(listener, "/.env"), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(client.send(request(listener, "/nothing"), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("app GET /nothing");
        }
    }

    @Test
    void manyStreamsOfOneConnectionShareIt() throws Exception {
        try (Stage stage = stage()) {
            Listener listener = secure(stage);
            HttpClient client = client(Version.HTTP_2);
            List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(client.sendAsync(request(listener, "/large.bin"), BodyHandlers.ofByteArray()));
                all.add(client.sendAsync(request(listener, "/small.html"), BodyHandlers.ofByteArray()));
            }
            for (CompletableFuture<HttpResponse<byte[]>> one : all) {
                assertThat(one.get(60, TimeUnit.SECONDS).body().length).isIn(LARGE, 18);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aTruncatedFileBreaksTheAnswerAndOnHttp2OnlyThat(Version version) throws Exception {
        Path file = root.path.resolve("huge.bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), (64 << 20) - 1);
        }
        try (Stage stage = stage()) {
            Listener listener = secure(stage);
            HttpClient client = client(version);
            HttpResponse<InputStream> huge = client.send(request(listener, "/huge.bin"), BodyHandlers.ofInputStream());
            try (InputStream body = huge.body()) {
                assertThat(body.readNBytes(1000)).hasSize(1000);
                Files.write(file, new byte[1000]);
                assertThatThrownBy(() -> body.transferTo(java.io.OutputStream.nullOutputStream()))
                        .isInstanceOf(IOException.class);
            }
            assertThat(client.send(request(listener, "/small.html"), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("<html>small</html>");
        }
    }
}
