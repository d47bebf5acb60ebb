package com.foobar.lb;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Signal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backend that is a process of its own, which signals can stop and kill. It answers everything with 200 and writes the body of
 * each POST into a file before it answers: what the file system has taken, a kill does not take back.
 */
final class BackendProcess {
    private static final Duration START = Duration.ofSeconds(30);

    /** In one write: a death between head and body would be an answer cut short, which no balancer can mend. */
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final Children children;
    private final String name;
    private final Path arrivals;
    private final int port = FreePorts.one();
    private @Nullable Child child;

    /** Not started yet. */
    BackendProcess(Children children, String name, Path folder) {
        this.children = children;
        this.name = name;
        this.arrivals = folder.resolve(name + "-posts.txt");
    }

    String name() {
        return name;
    }

    Balancer.Server server() {
        return new Balancer.Server(name, port);
    }

    /** On the same port as before, once it listens. */
    BackendProcess start() {
        List<String> command = Children.java(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                classes(),
                BackendProcess.class.getName(),
                Integer.toString(port),
                arrivals.toString());
        Child started = children.start(name, command);
        String unused = started.awaitLine("^listening$", START);
        child = started;
        return this;
    }

    /** The child needs nothing but the JDK and this class. */
    static String classes() {
        try {
            return Path.of(BackendProcess.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    void kill() {
        child().kill();
    }

    void signal(Signal signal) {
        child().signal(signal);
    }

    private Child child() {
        Child now = child;
        if (now == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return now;
    }

    /** The bodies of all POSTs that ever came, one by one. */
    List<String> posts() {
        try {
            return Files.exists(arrivals) ? Files.readAllLines(arrivals) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The child's own life. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket door = new ServerSocket();
                FileChannel posts =
                        FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            door.setReuseAddress(true);
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 256);
            System.out.println("listening");
            while (true) {
                Socket guest = door.accept();
                new Thread(() -> converse(guest, posts)).start();
            }
        }
    }

    private static void converse(Socket guest, FileChannel posts) {
        try (guest) {
            guest.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(guest.getInputStream());
            for (String head = head(in); head != null; head = head(in)) {
                byte[] body = in.readNBytes(length(head));
                if (head.startsWith("post ")) {
                    // One write: lines of two threads never mix, and none is ever half there.
                    int unused = posts.write(ByteBuffer.wrap(
                            (new String(body, StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII)));
                }
                guest.getOutputStream().write(ANSWER);
                if (head.contains("\r\nconnection: close\r\n")) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The other side has given up; so does this one.
            return;
        }
    }

    /** In small letters, or null at the end. */
    private static @Nullable String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (next == '\n'
                    && head.length() >= 4
                    && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    private static int length(String head) {
        String field = "\r\ncontent-length: ";
        int at = head.indexOf(field);
        return at < 0
                ? 0
                : Integer.parseInt(head.substring(at + field.length(), head.indexOf('\r', at + 2))
                        .trim());
    }
}
