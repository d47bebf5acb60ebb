package com.foobar.appserver.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.War;
import com.foobar.http.transport.Fabric;
import com.foobar.testkit.Await;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The same requests give the same answers whether they reach the application over a socket or directly. */
class TransportsTest {
    private static final int LARGE = 10 << 20;

    @TempDir
    static Path folder;

    private static Rig sockets;
    private static Rig direct;

    private static War war(Generation generation) {
        return War.of(generation)
                .file("file.txt", "0123456789")
                .servlet("Never", "/never", "request.startAsync().setTimeout(0);")
                .servlet(
                        "Facts",
                        "/facts/*",
                        """
                        response.setContentType("text/plain;charset=utf-8");
                        PrintWriter out = response.getWriter();
                        out.println(request.getMethod() + " " + request.getRequestURI() + " " + request.getQueryString());
                        out.println(request.getRequestURL() + " " + request.getProtocol() + " " + request.isSecure());
                        out.println(request.getRemoteAddr() + " " + request.getContentLength() + " " + request.getContentType());
                        for (String name : new TreeSet<>(Collections.list(request.getHeaderNames()))) {
                            String lower = name.toLowerCase();
                            if (!lower.equals("x-request-id") && !lower.equals("traceparent") && !lower.equals("connection")) {
                                out.println(lower + "=" + Collections.list(request.getHeaders(name)));
                            }
                        }
                        if (request.getCookies() != null) {
                            for (Cookie one : request.getCookies()) out.println(one.getName() + ":" + one.getValue());
                        }
                        """)
                .servlet(
                        "Body",
                        "/body",
                        """
                        byte[] some = new byte[8192];
                        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
                        long length = 0;
                        for (int n; (n = request.getInputStream().read(some)) >= 0; length += n) sum.update(some, 0, n);
                        response.getWriter().print(length + " " + sum.getValue());
                        """)
                .servlet(
                        "Form",
                        "/form",
                        """
                        response.getWriter().print(new TreeMap<>(request.getParameterMap()).keySet() + request.getParameter("a"));
                        """)
                .servlet(
                        "Parts",
                        "/parts",
                        """
                        for (Part one : request.getParts()) response.getWriter().println(one.getName() + " " + one.getSize());
                        """)
                .servlet(
                        "Bytes",
                        "/bytes",
                        """
                        int n = Integer.parseInt(request.getParameter("n"));
                        if (request.getParameter("length") != null) response.setContentLength(n);
                        byte[] some = new byte[16384];
                        Arrays.fill(some, (byte) 'x');
                        for (int left = n; left > 0; left -= 16384) {
                            response.getOutputStream().write(some, 0, Math.min(left, 16384));
                            if (request.getParameter("flush") != null) response.flushBuffer();
                        }
                        """)
                .servlet(
                        "Status",
                        "/status",
                        """
                        int code = Integer.parseInt(request.getParameter("code"));
                        response.setHeader("ETag", "\\"1\\"");
                        if (request.getParameter("error") != null) response.sendError(code, "so it is");
                        else response.setStatus(code);
                        """)
                .servlet(
                        "Many",
                        "/many",
                        """
                        response.addHeader("X-Many", "one");
                        response.addHeader("X-Many", "two");
                        response.addCookie(new Cookie("a", "1"));
                        response.addCookie(new Cookie("b", "2"));
                        response.setHeader("Content-Encoding", "identity");
                        response.setHeader("Connection", "X-Secret");
                        response.getWriter().print("ok");
                        """)
                .servlet("Redirect", "/redirect", "response.sendRedirect(\"elsewhere?x=1\");")
                .servlet("Throws", "/throws", "throw new IllegalStateException(\"on purpose\");")
                .servlet(
                        "Half",
                        "/half",
                        """
                        response.setContentLength(100000);
                        response.getOutputStream().write(new byte[20000]);
                        response.flushBuffer();
                        throw new IllegalStateException("half way");
                        """)
                .servlet(
                        "Async",
                        "/async",
                        """
                        AsyncContext async = request.startAsync();
                        new Thread(() -> {
                            try {
                                async.getResponse().getWriter().print("later");
                            } catch (IOException e) {
                                e.printStackTrace();
                            }
                            async.complete();
                        }).start();
                        """)
                .servlet(
                        "Late",
                        "/late",
                        """
                        AsyncContext async = request.startAsync();
                        async.setTimeout(100);
                        """)
                .servlet(
                        "Nio",
                        "/nio",
                        """
                        AsyncContext async = request.startAsync();
                        SERVLETInputStream in = request.getInputStream();
                        long[] length = new long[1];
                        in.setReadListener(new ReadListener() {
                            byte[] some = new byte[4096];
                            public void onDataAvailable() throws IOException {
                                while (in.isReady()) {
                                    int n = in.read(some);
                                    if (n < 0) break;
                                    length[0] += n;
                                }
                            }
                            public void onAllDataRead() throws IOException {
                                response.getWriter().print(length[0]);
                                async.complete();
                            }
                            public void onError(Throwable t) { async.complete(); }
                        });
                        """
                                .replace("SERVLETInputStream", "ServletInputStream"))
                .servlet("Unread", "/unread", "response.getWriter().print(\"not read\");");
    }

    @BeforeAll
    static void start() throws Exception {
        sockets = new Rig(Fabric.Kind.SOCKETS, Files.createDirectory(folder.resolve("s")), Container.Hooks.NONE, 20);
        direct = new Rig(Fabric.Kind.AUTO, Files.createDirectory(folder.resolve("d")), Container.Hooks.NONE, 20);
        for (Generation one : List.of(Generation.EE8, Generation.EE10)) {
            Path root = war(one).unpacked(Files.createDirectory(folder.resolve(one.word())));
            sockets.deploy(one.word(), one, root);
            direct.deploy(one.word(), one, root);
        }
    }

    @AfterAll
    static void stop() {
        sockets.close();
        direct.close();
    }

    private static final Map<String, String> REQUESTS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "facts", head("GET", "facts/a%20b;x=1/c?q=%C3%A9&r", "Cookie: a=1; b=2", "X-Many: 1", "X-Many: 2")),
            Map.entry("facts of a HEAD", head("HEAD", "facts")),
            Map.entry("options", head("OPTIONS", "facts")),
            Map.entry("delete", head("DELETE", "facts")),
            Map.entry("an unusual method", head("PATCH", "facts", "Content-Length: 0")),
            Map.entry("a file", head("GET", "file.txt")),
            Map.entry("head of a file", head("HEAD", "file.txt")),
            Map.entry("a range of a file", head("GET", "file.txt", "Range: bytes=2-4")),
            Map.entry("no body", head("POST", "body", "Content-Length: 0")),
            Map.entry("a body of 1", head("POST", "body", "Content-Length: 1") + "x"),
            Map.entry("a body of 64k", head("POST", "body", "Content-Length: 65536") + "y".repeat(65536)),
            Map.entry("a body of 10 MB", head("POST", "body", "Content-Length: " + LARGE) + "z".repeat(LARGE)),
            Map.entry("a chunked body", head("POST", "body", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n"),
            Map.entry(
                    "a long chunked body",
                    head("POST", "body", "Transfer-Encoding: chunked") + "100000\r\n" + "c".repeat(1 << 20)
                            + "\r\n0\r\n\r\n"),
            Map.entry("a body read as it comes", head("POST", "nio", "Content-Length: 300000") + "n".repeat(300_000)),
            Map.entry("a body nobody reads", head("POST", "unread", "Content-Length: 100000") + "u".repeat(100_000)),
            Map.entry(
                    "a form",
                    head("POST", "form", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 7")
                            + "a=1&b=2"),
            Map.entry("a form with too many fields", form("a=1&".repeat(200) + "b=2")),
            Map.entry("parts", parts("p".repeat(5000))),
            Map.entry("a part that is too large", parts("p".repeat(150_000))),
            Map.entry("nothing in answer", head("GET", "bytes?n=0")),
            Map.entry("1 byte", head("GET", "bytes?n=1")),
            Map.entry("64k", head("GET", "bytes?n=65536&length=1")),
            Map.entry("64k in pieces", head("GET", "bytes?n=65536&flush=1")),
            Map.entry("10 MB", head("GET", "bytes?n=" + LARGE + "&length=1")),
            Map.entry("10 MB without a length", head("GET", "bytes?n=" + LARGE)),
            Map.entry("head of 64k", head("HEAD", "bytes?n=65536&length=1")),
            Map.entry("204", head("GET", "status?code=204")),
            Map.entry("304", head("GET", "status?code=304")),
            Map.entry("404", head("GET", "status?code=404&error=1")),
            Map.entry("418", head("GET", "status?code=418")),
            Map.entry("500 as JSON", head("GET", "status?code=500&error=1", "Accept: application/json")),
            Map.entry("no such file", head("GET", "nothing")),
            Map.entry("many fields", head("GET", "many")),
            Map.entry("a redirect", head("GET", "redirect")),
            Map.entry("an exception", head("GET", "throws")),
            Map.entry("an answer that breaks", head("GET", "half")),
            Map.entry("async", head("GET", "async")),
            Map.entry("async without an end", head("GET", "late")),
            Map.entry("dots", head("GET", "../facts")),
            Map.entry("encoded dots", head("GET", "%2e%2e/facts")),
            Map.entry("encoded slash", head("GET", "facts/a%2fb")),
            Map.entry(
                    "a forged client",
                    head(
                            "GET",
                            "facts",
                            "X-Forwarded-For: 8.8.8.8",
                            "Forwarded: for=9.9.9.9",
                            "X-Forwarded-Proto: https"))));

    private static String head(String method, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return method + " /APP/" + path + " HTTP/1.1\r\nHost: www.foobar.com\r\n" + more + "\r\n";
    }

    private static String form(String body) {
        return head(
                        "POST",
                        "form",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Length: " + body.length())
                + body;
    }

    private static String parts(String content) {
        String body = "--xx\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\n" + content
                + "\r\n--xx--\r\n";
        return head(
                        "POST",
                        "parts",
                        "Content-Type: multipart/form-data; boundary=xx",
                        "Content-Length: " + body.length())
                + body;
    }

    @TestFactory
    Stream<DynamicTest> theSameAnswers() {
        return Stream.of("ee8", "ee10").flatMap(app -> REQUESTS.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(app + ": " + one.getKey(), () -> {
                    String request = one.getValue().replace("/APP/", "/" + app + "/");
                    String expected = answer(sockets, request);
                    assertThat(answer(direct, request)).isEqualTo(expected);
                    assertThat(expected).isNotEmpty();
                })));
    }

    private static String answer(Rig rig, String request) {
        try (RawHttp client = rig.client()) {
            client.send(request);
            RawResponse response = request.startsWith("HEAD") ? client.responseToHead() : client.response();
            TreeMap<String, List<String>> fields = new TreeMap<>();
            response.headers()
                    .forEach(one -> fields.put(one.name().toLowerCase(Locale.ROOT), response.headers(one.name())));
            fields.remove("date");
            fields.remove("keep-alive");
            // How the web tier ends its own connection is its own business.
            fields.remove("connection");
            String text = response.latin1().replaceAll("request [0-9a-z]{26}", "request ID");
            String shown = text.length() > 3000 ? text.length() + " " + text.hashCode() : text;
            return response.status() + " complete=" + response.complete() + "\n" + fields + "\n" + shown;
        }
    }

    /** Otherwise the table would compare sockets with sockets. */
    @Test
    void theDirectWayOpensNoConnection() {
        String facts = head("GET", "facts").replace("/APP/", "/ee10/");
        assertThat(answer(direct, facts)).startsWith("200");
        assertThat(direct.container.connections()).isZero();
        assertThat(answer(sockets, facts)).startsWith("200");
        assertThat(sockets.container.connections()).isPositive();
    }

    @Test
    void aSlowReaderHoldsTheApplicationBackAndGetsAll() {
        for (Rig rig : List.of(sockets, direct)) {
            try (RawHttp client = rig.client()) {
                client.send(head("GET", "bytes?n=" + LARGE + "&length=1").replace("/APP/", "/ee10/"));
                // Its sender has to wait: far more than all buffers on the way.
                Await.until("the application is in the request", Duration.ofSeconds(5), () -> inFlight(rig) == 1);
                assertThat(client.response().body()).hasSize(LARGE);
            }
            Await.until("the request is over", Duration.ofSeconds(5), () -> inFlight(rig) == 0);
        }
    }

    @Test
    void aClientThatGoesLetsTheApplicationGo() {
        for (Rig rig : List.of(sockets, direct)) {
            try (RawHttp client = rig.client()) {
                client.send(head("GET", "bytes?n=" + 30 * LARGE + "&length=1").replace("/APP/", "/ee10/"));
                Await.until("the application is in the request", Duration.ofSeconds(5), () -> inFlight(rig) == 1);
                client.reset();
            }
            Await.until("the request is over", Duration.ofSeconds(10), () -> inFlight(rig) == 0);
        }
    }

    @Test
    void aClientThatGoesWhileItSendsLetsTheApplicationGo() {
        for (Rig rig : List.of(sockets, direct)) {
            try (RawHttp client = rig.client()) {
                client.send(
                        head("POST", "body", "Content-Length: 100000").replace("/APP/", "/ee10/") + "x".repeat(50000));
                Await.until("the application is in the request", Duration.ofSeconds(5), () -> inFlight(rig) == 1);
                client.reset();
            }
            Await.until("the request is over", Duration.ofSeconds(10), () -> inFlight(rig) == 0);
        }
    }

    /** Whatever it does afterwards: it has nobody to answer. */
    @Test
    void aRequestThatIsGivenUpIsOver() {
        direct.deadline(Duration.ofMillis(300));
        try (RawHttp client = direct.client()) {
            client.send(head("GET", "never").replace("/APP/", "/ee10/"));
            Await.until("the application is in the request", Duration.ofSeconds(5), () -> inFlight(direct) == 1);
            assertThat(client.untilClosed()).doesNotContain("200");
            Await.until("the request is over", Duration.ofSeconds(10), () -> inFlight(direct) == 0);
        } finally {
            direct.deadline(Duration.ofSeconds(60));
        }
    }

    private static int inFlight(Rig rig) {
        return rig.container.switchboard().all().stream()
                .mapToInt(Application::inFlight)
                .sum();
    }
}
