package com.foobar.appserver.session;

import static com.foobar.appserver.data.Nodes.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.data.Nodes;
import com.foobar.appserver.data.RoutingDataSource;
import com.foobar.appserver.data.TestSettings;
import com.foobar.appserver.data.ToldTopology;
import com.foobar.kernel.value.ByteSize;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.Session;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.SessionHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two application servers, one table, a client that goes from one to the other. */
class SessionsIT {

    private static Nodes nodes;
    private static ToldTopology news;
    private static RoutingDataSource source;
    private static AppServer one;
    private static AppServer two;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.started(1, 2);
        news = new ToldTopology("foobar", TIME);
        news.accept(nodes.document(1, 1, 1, false, 2));
        source = new RoutingDataSource("app1", nodes.accounts(), TestSettings.plain(), news, TIME);
        ClusterSessions.makeTables(source.schema());
        ClusterSessions.makeTables(source.schema());
        one = new AppServer("app1");
        two = new AppServer("app2");
    }

    @AfterAll
    static void stop() throws Exception {
        one.stop();
        two.stop();
        source.close();
        nodes.close();
    }

    @Test
    void whatOneServerAnsweredTheOtherKnows() throws Exception {
        HttpResponse<String> first = get(one, "/count", null);
        String cookie = cookie(first);
        assertThat(first.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .doesNotContain("Secure");
        for (int i = 2; i <= 200; i++) {
            HttpResponse<String> next = get(i % 2 == 0 ? two : one, "/count", cookie);
            assertThat(next.body()).isEqualTo("count " + i);
        }
        one.stop();
        assertThat(get(two, "/count", cookie).body()).isEqualTo("count 201");
        one = new AppServer("app1");
        assertThat(get(one, "/count", cookie).body()).isEqualTo("count 202");
    }

    @Test
    void anInvalidatedSessionIsGoneEverywhere() throws Exception {
        String cookie = cookie(get(one, "/count", null));
        assertThat(get(two, "/logout", cookie).statusCode()).isEqualTo(200);
        assertThat(get(one, "/look", cookie).body()).isEqualTo("no session");
    }

    @Test
    void whatCannotBeSerialisedIsLeftOutAndTheRestKept() throws Exception {
        String cookie = cookie(get(one, "/count", null));
        assertThat(get(one, "/stubborn", cookie).statusCode()).isEqualTo(200);
        assertThat(get(two, "/look", cookie).body()).isEqualTo("count 1, stubborn null");
    }

    @Test
    void withoutTheDatabaseAClientIsNotLoggedOutButToldToWait() throws Exception {
        String cookie = cookie(get(one, "/count", null));
        news.accept(nodes.document(1, 1_000, 0, false, 2));
        try {
            HttpResponse<String> answer = get(two, "/look", cookie);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        } finally {
            news.accept(nodes.document(1, 1_001, 1, false, 2));
        }
        assertThat(get(two, "/look", cookie).body()).isEqualTo("count 1, stubborn null");
    }

    private HttpResponse<String> get(AppServer server, String path, String cookie) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String cookie(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    /** Jetty with one small application. */
    private static final class AppServer {
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server);

        private AppServer(String name) throws Exception {
            SessionSettings settings =
                    new SessionSettings(SessionSettings.Store.CLUSTER, Duration.ofMinutes(30), ByteSize.parse("64KiB"));
            ClusterSessions sessions = new ClusterSessions(name, settings, source.primary(), TIME);
            sessions.configure(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            SessionHandler handler = new SessionHandler();
            sessions.configure(handler, "/");
            handler.setHandler(new Application());
            server.setHandler(new ContextHandler(handler, "/"));
            server.start();
        }

        private int port() {
            return connector.getLocalPort();
        }

        private void stop() throws Exception {
            server.stop();
        }
    }

    private static final class Stubborn {}

    private record Count(int number) implements Serializable {}

    private static final class Application extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            Session session = request.getSession(path.equals("/count"));
            String answer = session == null ? "no session" : answer(session, path);
            response.write(true, ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }

        private static String answer(Session session, String path) {
            Count count = session.getAttribute("count") instanceof Count known ? known : new Count(0);
            switch (path) {
                case "/count" -> {
                    session.setAttribute("count", new Count(count.number() + 1));
                    return "count " + (count.number() + 1);
                }
                case "/stubborn" -> session.setAttribute("stubborn", new Stubborn());
                case "/logout" -> session.invalidate();
                default -> {
                    return "count " + count.number() + ", stubborn " + session.getAttribute("stubborn");
                }
            }
            return "done";
        }
    }
}
