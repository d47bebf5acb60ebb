package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One client connection, spoken by hand, byte by byte. Everything that waits has a deadline ({@link #patience}, 5 s unless
 * changed): a miss is an {@link AssertionError} that shows what had come; a broken connection is an
 * {@link UncheckedIOException}. For one thread at a time, but {@link #close} and {@link #reset} may come from any.
 */
public final class RawHttp implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A blocked write cannot be given a timeout; it ends when its socket is closed under it, and this thread does that. */
    private static final ScheduledThreadPoolExecutor WATCHDOG =
            new ScheduledThreadPoolExecutor(1, Threads.named("testkit", "watchdog"));

    static {
        WATCHDOG.setRemoveOnCancelPolicy(true);
    }

    /** The TCP connection; the same as {@link #socket} unless there is TLS on top. */
    private final Socket tcp;

    private final Socket socket;
    private final DeadlineInput limited;
    private final BufferedInputStream in;
    private final MessageReader reader;
    private Duration patience = PATIENCE;

    private RawHttp(Socket tcp, Socket socket) throws IOException {
        this.tcp = tcp;
        this.socket = socket;
        this.limited = new DeadlineInput(socket);
        this.in = new BufferedInputStream(limited, 64 * 1024);
        this.reader = new MessageReader(in);
    }

    /** To this port on loopback. */
    public static RawHttp connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public static RawHttp connect(InetSocketAddress address) {
        try {
            Socket tcp = dial(address);
            return new RawHttp(tcp, tcp);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address, e);
        }
    }

    /** To this port on loopback, with TLS. */
    public static RawHttp secure(int port, TlsChoice choice) {
        return secure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), choice);
    }

    public static RawHttp secure(InetSocketAddress address, TlsChoice choice) {
        try {
            return handshake(dial(address), choice);
        } catch (IOException e) {
            throw new UncheckedIOException("no TLS connection to " + address, e);
        }
    }

    private static Socket dial(InetSocketAddress address) throws IOException {
        Socket tcp = new Socket();
        try {
            // What is sent in one call leaves in one packet, and at once: the test decides how the bytes arrive.
            tcp.setTcpNoDelay(true);
            tcp.connect(address, (int) PATIENCE.toMillis());
            return tcp;
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    private static RawHttp handshake(Socket tcp, TlsChoice choice) throws IOException {
        try {
            SSLSocket tls = (SSLSocket) choice.context()
                    .getSocketFactory()
                    .createSocket(tcp, tcp.getInetAddress().getHostAddress(), tcp.getPort(), true);
            choice.apply(tls);
            tls.setSoTimeout((int) PATIENCE.toMillis());
            tls.startHandshake();
            return new RawHttp(tcp, tls);
        } catch (IOException | RuntimeException e) {
            tcp.close();
            throw e;
        }
    }

    /** How long each following call may take. */
    public RawHttp patience(Duration limit) {
        patience = limit;
        return this;
    }

    /** Exactly these characters, one byte each (Latin-1): every CR LF must be written out. */
    public RawHttp send(String text) {
        return sendBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Each line with CR LF after it, then the empty line that ends a head. */
    public RawHttp sendLines(String... lines) {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    public RawHttp sendBytes(byte[] bytes) {
        Future<?> watchdog = WATCHDOG.schedule(this::closeTcp, patience.toNanos(), TimeUnit.NANOSECONDS);
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            if (!watchdog.cancel(false)) {
                throw new AssertionError("the peer did not take " + bytes.length + " bytes within " + patience, e);
            }
            throw new UncheckedIOException(e);
        } finally {
            watchdog.cancel(false);
        }
    }

    /** One byte at a time, as a slow client does, until all are sent or the peer has had enough; says how many were sent. */
    public int drip(String text, Duration gap) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int sent = 0; sent < bytes.length; sent++) {
            try {
                sendBytes(new byte[] {bytes[sent]});
            } catch (UncheckedIOException e) {
                return sent;
            }
            pause(gap);
        }
        return bytes.length;
    }

    /** Half-close: no more will be sent, answers are still wanted. */
    public RawHttp endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with RST instead of FIN, as a client that was killed. */
    public void reset() {
        try {
            tcp.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already: there is nothing left to reset.
        }
        closeTcp();
    }

    /** The next final response; the 1xx before it are in {@link RawResponse#interim}. */
    public RawResponse response() {
        return finalResponse(false);
    }

    /** The next final response, which has no body whatever its headers say. */
    public RawResponse responseToHead() {
        return finalResponse(true);
    }

    /** The next response of any kind, 1xx too. */
    public RawResponse anyResponse() {
        limited.allow(patience);
        return next(false);
    }

    private RawResponse finalResponse(boolean head) {
        limited.allow(patience);
        List<RawResponse> interim = new ArrayList<>();
        RawResponse response = next(head);
        while (response.status() / 100 == 1 && response.status() != 101) {
            interim.add(response);
            response = next(head);
        }
        return response.after(interim);
    }

    private RawResponse next(boolean head) {
        try {
            return ResponseReader.next(reader, head);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no whole response within " + patience + "; so far: " + quoted(reader.seen()), e);
        } catch (EOFException e) {
            throw new AssertionError("closed instead of a response; so far: " + quoted(reader.seen()), e);
        } catch (MessageReader.Rubbish e) {
            throw new AssertionError(e.getMessage() + "; in: " + quoted(reader.seen()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exactly this many bytes, as after 101 or for another protocol. */
    public byte[] readBytes(int count) {
        limited.allow(patience);
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new AssertionError("closed after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not " + count + " bytes within " + patience, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the peer's close or reset, as Latin-1; the close must come within the patience. */
    public String untilClosed() {
        limited.allow(patience);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                all.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "not closed within " + patience + "; so far: " + quoted(all.toString(StandardCharsets.ISO_8859_1)),
                    e);
        } catch (IOException e) {
            // Reset is a way of closing; what came before it counts.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the peer has closed by now with nothing left to read. */
    public boolean isClosed() {
        return isClosedWithin(Duration.ofMillis(1));
    }

    /** Waits for a close at most this long; bytes that come meanwhile mean "not closed" and stay to be read. */
    public boolean isClosedWithin(Duration limit) {
        limited.allow(limit);
        try {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** What TLS agreed on: protocol, cipher, the peer's certificates. */
    public SSLSession tls() {
        return tlsSocket().getSession();
    }

    /** The protocol ALPN agreed on; empty when none. */
    public String alpn() {
        return tlsSocket().getApplicationProtocol();
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    @Override
    public void close() {
        Future<?> watchdog = WATCHDOG.schedule(this::closeTcp, patience.toNanos(), TimeUnit.NANOSECONDS);
        try {
            socket.close();
        } catch (IOException e) {
            closeTcp();
        } finally {
            watchdog.cancel(false);
        }
    }

    private SSLSocket tlsSocket() {
        if (socket instanceof SSLSocket tls) {
            return tls;
        }
        throw new IllegalStateException("this connection was made without TLS");
    }

    private void closeTcp() {
        try {
            tcp.close();
        } catch (IOException e) {
            // A socket that cannot be closed is closed.
        }
    }

    private static void pause(Duration gap) {
        long end = System.nanoTime() + gap.toNanos();
        for (long left = gap.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\r", "\\r").replace("\n", "\\n") + "\"";
    }
}
