package com.foobar.http.probe;

import com.foobar.http.pool.Address;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.time.Time.Timeout;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** One check of one backend, blocking. A new connection each time: that a server accepts one is part of the question. */
final class Check {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int STATUS_LINE = "HTTP/1.1 200".length();

    private final CheckSettings settings;
    private final Time time;

    Check(CheckSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
    }

    /** Never takes longer than the timeout, however slowly the backend drips. */
    Result of(Address address) {
        if (settings.kind() == CheckSettings.Kind.NONE) {
            return new Result(true, "not checked", 0);
        }
        long begun = time.nanos();
        AtomicBoolean late = new AtomicBoolean();
        try (Socket socket = new Socket()) {
            Timeout alarm = time.after(settings.timeout(), () -> {
                late.set(true);
                closeQuietly(socket);
            });
            try {
                int millis = Math.toIntExact(Math.max(1, settings.timeout().toMillis()));
                socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
                socket.setSoTimeout(millis);
                if (settings.proxy().isPresent()) {
                    socket.getOutputStream().write(settings.proxy().get().ownHeader());
                }
                String complaint = settings.kind() == CheckSettings.Kind.TCP ? "" : asked(socket);
                return new Result(complaint.isEmpty(), complaint.isEmpty() ? "passed" : complaint, since(begun));
            } finally {
                alarm.cancel();
            }
        } catch (IOException | IllegalArgumentException failed) {
            String why = late.get() ? "no answer within " + settings.timeout().toMillis() + " ms" : said(failed);
            return new Result(false, why, since(begun));
        }
    }

    /** Empty when the answer is good. */
    private String asked(Socket socket) throws IOException {
        String question = "GET " + settings.path() + " HTTP/1.1\r\nHost: " + settings.host()
                + "\r\nUser-Agent: foobar-check\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(question.getBytes(StandardCharsets.ISO_8859_1));
        boolean wholeAnswer = settings.body().isPresent();
        InputStream in = socket.getInputStream();
        byte[] bytes = wholeAnswer ? in.readNBytes(MOST_BYTES) : in.readNBytes(STATUS_LINE);
        String answer = new String(bytes, StandardCharsets.ISO_8859_1);
        if (answer.length() < STATUS_LINE || !answer.startsWith("HTTP/1.")) {
            return answer.isEmpty() ? "closed without an answer" : "the answer is not HTTP";
        }
        String status = answer.substring(STATUS_LINE - 3, STATUS_LINE);
        if (!status.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return "the answer has no status";
        }
        int number = Integer.parseInt(status);
        if (number < settings.lowest() || number > settings.highest()) {
            return "status " + status + ", wanted " + settings.lowest() + " to " + settings.highest();
        }
        boolean contained = settings.body()
                .map(new String(bytes, StandardCharsets.UTF_8)::contains)
                .orElse(true);
        return contained ? "" : "the answer does not contain what was wanted";
    }

    private long since(long begun) {
        return time.nanos() - begun;
    }

    private static String said(Exception failed) {
        String message = failed.getMessage();
        return message == null ? failed.getClass().getSimpleName() : message;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is being given up either way.
        }
    }

    /** What one check found. */
    record Result(boolean passed, String reason, long nanos) {}
}
