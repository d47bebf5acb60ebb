package com.foobar.appserver.container;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** A way in to one application before it is on the switchboard. */
final class Rehearsal extends LocalConnector {
    private final Application application;

    Rehearsal(Server server, Application application) {
        super(server);
        this.application = application;
    }

    boolean pass(Request request, Response response, Callback callback) throws Exception {
        return application.handler().handle(request, response, callback);
    }

    int ask(String path, Duration patience) throws Exception {
        String head =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: foobar-check\r\nConnection: close\r\n\r\n";
        ByteBuffer answer = getResponse(
                ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)),
                false,
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        if (answer == null || !answer.hasRemaining()) {
            return 0;
        }
        HttpTester.Response parsed = HttpTester.parseResponse(answer);
        return parsed == null ? 0 : parsed.getStatus();
    }
}
