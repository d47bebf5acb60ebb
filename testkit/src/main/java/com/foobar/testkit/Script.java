package com.foobar.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a scripted backend does for one request: steps, one after the other. Immutable; each call gives a longer script. After
 * the last step the connection is kept for the next request, unless the script closed it or the request asked for that.
 */
public final class Script {

    /** A latch nobody opens must not keep a thread for the rest of the build. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    /** One thing done to a connection. */
    interface Step {
        void run(Wire wire) throws IOException, InterruptedException;
    }

    private static final Script EMPTY = new Script(List.of());

    private final List<Step> steps;

    private Script(List<Step> steps) {
        this.steps = steps;
    }

    /** Nothing yet. */
    public static Script script() {
        return EMPTY;
    }

    /** A whole response with a Content-Length and a UTF-8 body. Each header is a line: {@code "X-A: b"}. */
    public static Script answer(int status, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        return EMPTY.write(head + "\r\n").write(bytes);
    }

    /** The answer to HEAD: the Content-Length of a body that is not sent. */
    public static Script answerHead(int status, String body, String... headers) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return EMPTY.write("HTTP/1.1 " + status + " Scripted\r\n" + lines + "Content-Length: " + length + "\r\n\r\n");
    }

    /** Takes the request and says nothing until the other side gives up. */
    public static Script neverAnswer() {
        return EMPTY.then(Wire::swallowUntilClosed);
    }

    /** Exactly these characters, one byte each (Latin-1), sent at once. */
    public Script write(String text) {
        return write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Script write(byte[] bytes) {
        byte[] copy = bytes.clone();
        return then(wire -> wire.write(copy));
    }

    /** One chunk of a chunked body. */
    public Script chunk(String text) {
        return write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** One byte at a time. */
    public Script drip(String text, Duration gap) {
        Script longer = this;
        for (int at = 0; at < text.length(); at++) {
            longer = longer.write(text.substring(at, at + 1)).delay(gap);
        }
        return longer;
    }

    /** Waits until the test opens the latch, a minute at the most. */
    public Script hold(CountDownLatch latch) {
        return then(wire -> {
            if (!latch.await(LONGEST_HOLD.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the latch of a script stayed shut for " + LONGEST_HOLD);
            }
        });
    }

    /** Tells the test that the script has come this far. */
    public Script tell(CountDownLatch latch) {
        return then(wire -> latch.countDown());
    }

    public Script delay(Duration pause) {
        return then(wire -> wire.pause(pause));
    }

    /** Closes with FIN. */
    public Script close() {
        return then(Wire::close);
    }

    /** Closes with RST, as a killed process. */
    public Script reset() {
        return then(Wire::reset);
    }

    /** Half-close: no more will be sent, then whatever comes is swallowed. */
    public Script endOutput() {
        return then(wire -> {
            wire.endOutput();
            wire.swallowUntilClosed();
        });
    }

    /** Sends back every byte that comes, until the other side ends; for upgraded connections. */
    public Script echo() {
        return then(Wire::echo);
    }

    Script then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Script(List.copyOf(longer));
    }

    void run(Wire wire) throws IOException, InterruptedException {
        for (Step step : steps) {
            step.run(wire);
            if (wire.isClosed()) {
                return;
            }
        }
    }
}
