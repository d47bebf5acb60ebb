package com.foobar.database.embedded;

import com.foobar.kernel.time.Time;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The first words of a MySQL or MariaDB server, spoken unasked to whoever connects: its version. They come only after start and recovery,
 * so that they are the sign of readiness; and from a port that is taken they tell what took it.
 */
public record Greeting(String version) {

    private static final Duration LOOK = Duration.ofMillis(1);
    private static final int HEADER = 4;
    private static final int LONGEST = 1024;
    private static final int PROTOCOL = 10;

    /** From a server's own socket, in whose folder nobody else can write: whoever greets there is the server meant. */
    static Greeting from(Path socket, Duration deadline, Time time) throws IOException {
        long began = time.nanos();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.configureBlocking(false);
            ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
            while (true) {
                int read = channel.read(bytes);
                Optional<Greeting> greeting = parse(bytes.array(), bytes.position());
                if (greeting.isPresent()) {
                    return greeting.get();
                }
                if (read < 0 || !bytes.hasRemaining()) {
                    throw new EOFException("no greeting of a database server on " + socket);
                }
                if (time.nanos() - began > deadline.toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw new SocketTimeoutException("no greeting on " + socket + " within " + deadline);
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    /** From whatever listens at an address, if it greets like a database server in time. */
    public static Optional<Greeting> from(InetSocketAddress address, Duration deadline) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) deadline.toMillis());
            socket.setSoTimeout((int) deadline.toMillis());
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[LONGEST];
            int length = 0;
            while (length < bytes.length) {
                int read = in.read(bytes, length, bytes.length - length);
                if (read < 0) {
                    return Optional.empty();
                }
                length += read;
                Optional<Greeting> greeting = parse(bytes, length);
                // One packet is enough, and one that is none will not become one.
                if (greeting.isPresent() || (length > HEADER && bytes[HEADER] != PROTOCOL)) {
                    return greeting;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public boolean isMariaDb() {
        return version.contains("MariaDB");
    }

    static Optional<Greeting> parse(byte[] bytes, int length) {
        if (length <= HEADER || bytes[HEADER] != PROTOCOL) {
            return Optional.empty();
        }
        for (int end = HEADER + 1; end < length; end++) {
            if (bytes[end] == 0) {
                return Optional.of(
                        new Greeting(new String(bytes, HEADER + 1, end - HEADER - 1, StandardCharsets.ISO_8859_1)));
            }
        }
        return Optional.empty();
    }
}
