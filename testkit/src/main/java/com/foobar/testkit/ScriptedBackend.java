package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import com.foobar.testkit.MessageReader.Body;
import com.foobar.testkit.MessageReader.Framing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backend on loopback that does exactly what a test's script says, rubbish included, and remembers what it was asked. Runs
 * from the start; {@link #stop} and {@link #start} are the death and return of its process, on the same port.
 */
public final class ScriptedBackend implements AutoCloseable {

    private static final int BACKLOG = 256;
    private static final Duration LAST_THREAD = Duration.ofSeconds(5);

    private final String name;
    private final int port = FreePorts.one();
    private final ThreadFactory threads;

    /** Guards the two fields below it: start, stop and refuse may come from any thread. */
    private final Object doors = new Object();

    private @Nullable ServerSocket listener;
    private volatile boolean hanging;

    private volatile Function<Request, Script> script;
    private volatile Function<Request, @Nullable Script> onHead = head -> null;
    private volatile int health = 200;

    private final AtomicInteger connections = new AtomicInteger();
    private final Map<Wire, Thread> open = new ConcurrentHashMap<>();

    private final Queue<String> rubbish = new ConcurrentLinkedQueue<>();

    /** Guarded by itself. */
    private final List<Request> requests = new ArrayList<>();

    private ScriptedBackend(String name, Function<Request, Script> script) {
        this.name = name;
        this.script = script;
        this.threads = Threads.named("backend-" + name, "connection");
    }

    /**
     * Answers everything with 200, its name as body and in the header {@code X-Backend}; targets that begin with
     * {@code /health} get the status set by {@link #health}.
     */
    public static ScriptedBackend answering(String name) {
        ScriptedBackend backend = new ScriptedBackend(name, request -> Script.script());
        backend.script = backend::byName;
        return backend.start();
    }

    public static ScriptedBackend scripted(String name, Function<Request, Script> script) {
        return new ScriptedBackend(name, script).start();
    }

    private Script byName(Request request) {
        int status = request.target().startsWith("/health") ? health : 200;
        String header = "X-Backend: " + name;
        return request.method().equals("HEAD")
                ? Script.answerHead(status, name, header)
                : Script.answer(status, name, header);
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Another script for the requests that come from now on. */
    public ScriptedBackend script(Function<Request, Script> other) {
        script = other;
        return this;
    }

    /**
     * Asked when the head is there and the body is not: a script answers early (and leaves the body unread), null goes on
     * as usual, which sends 100 when the client expects it and reads the body.
     */
    public ScriptedBackend onHead(Function<Request, @Nullable Script> early) {
        onHead = early;
        return this;
    }

    /** What {@code /health…} answers on a backend made by {@link #answering}. */
    public ScriptedBackend health(int status) {
        health = status;
        return this;
    }

    /** Everything asked so far, in the order it came. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** What came and was no HTTP, in words; a good peer leaves it empty. */
    public List<String> rubbish() {
        return List.copyOf(rubbish);
    }

    /** Waits until this many requests have come, and gives all that have. */
    public List<Request> awaitRequests(int count) {
        return Await.until(
                name + " has got " + count + " requests",
                Duration.ofSeconds(5),
                this::requests,
                seen -> seen.size() >= count);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that are open now. */
    public int openConnections() {
        return open.size();
    }

    /** Listens again on the same port; harmless when it does already. */
    public ScriptedBackend start() {
        synchronized (doors) {
            hanging = false;
            if (listener == null) {
                listener = listen();
            }
        }
        return this;
    }

    private ServerSocket listen() {
        try {
            ServerSocket socket = new ServerSocket();
            // The connections of the life before linger in TIME_WAIT and would forbid the port for a minute.
            socket.setReuseAddress(true);
            socket.bind(address(), BACKLOG);
            Threads.one("backend-" + name, "accept", () -> accept(socket)).start();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("backend " + name + " cannot listen on " + address(), e);
        }
    }

    /** Closes the door: new connections are refused, those that are open go on. */
    public void refuse() {
        synchronized (doors) {
            closeListener();
        }
    }

    /** Accepts from now on but neither reads nor answers; {@link #start} ends it for later connections. */
    public void hang() {
        start();
        hanging = true;
    }

    /** Dies: the port refuses, every connection is closed. */
    public void stop() {
        refuse();
        List<Thread> last = List.copyOf(open.values());
        open.keySet().forEach(ScriptedBackend::closeQuietly);
        last.forEach(Thread::interrupt);
    }

    @Override
    public void close() {
        stop();
        Await.until(name + "'s connections have ended", LAST_THREAD, open::size, size -> size == 0);
    }

    /** Called with {@link #doors} held. */
    private void closeListener() {
        ServerSocket socket = listener;
        listener = null;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void accept(ServerSocket door) {
        while (!door.isClosed()) {
            try {
                serve(door, door.accept());
            } catch (IOException e) {
                // Closed by refuse, or the client was gone before it was accepted: the condition of the loop tells
                // which.
            }
        }
    }

    private void serve(ServerSocket door, Socket socket) throws IOException {
        int number = connections.incrementAndGet();
        Wire wire = wire(socket);
        boolean deaf = hanging;
        Thread thread = threads.newThread(() -> {
            try {
                converse(wire, number, deaf);
            } finally {
                closeQuietly(wire);
                open.remove(wire);
            }
        });
        open.put(wire, thread);
        if (door.isClosed()) {
            // Stop has already counted the open ones: this one slipped in between.
            closeQuietly(wire);
        }
        thread.start();
    }

    private static Wire wire(Socket socket) throws IOException {
        try {
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void converse(Wire wire, int number, boolean deaf) {
        try {
            MessageReader reader = new MessageReader(wire.in());
            while (deaf) {
                wire.pause(Duration.ofHours(1));
                deaf = !wire.isClosed();
            }
            while (!wire.isClosed() && answer(wire, reader, number)) {}
        } catch (MessageReader.Rubbish e) {
            rubbish.add("connection " + number + ": " + e.getMessage());
        } catch (IOException | InterruptedException e) {
            // The client went away or the backend is stopped; what had come by then has been recorded.
        }
    }

    /** Says whether another request may follow. */
    private boolean answer(Wire wire, MessageReader reader, int number) throws IOException, InterruptedException {
        String line = reader.firstLine();
        if (line == null) {
            return false;
        }
        List<Header> headers = reader.headers();
        Request head = request(number, line, headers, Body.NONE, true);
        Script early = onHead.apply(head);
        if (early != null) {
            record(head);
            early.run(wire);
            linger(wire);
            return false;
        }
        Request request = withBody(wire, reader, head);
        record(request);
        if (!request.complete()) {
            return false;
        }
        script.apply(request).run(wire);
        return !request.wantsClose();
    }

    /** A close with a body unread is a reset, which overtakes the answer: say goodbye and swallow the rest first. */
    private static void linger(Wire wire) throws IOException {
        if (!wire.isClosed()) {
            wire.endOutput();
            wire.swallowUntilClosed();
        }
    }

    private static Request withBody(Wire wire, MessageReader reader, Request head) throws IOException {
        Framing framing = MessageReader.isChunked(head.headers())
                ? Framing.CHUNKED
                : head.header("Content-Length") == null ? Framing.NONE : Framing.LENGTH;
        if (framing == Framing.NONE) {
            return head;
        }
        if ("100-continue".equalsIgnoreCase(head.header("Expect"))) {
            wire.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        Body body = reader.body(framing, head.headers());
        boolean complete = body.ending() != RawResponse.Ending.CUT && body.ending() != RawResponse.Ending.RESET;
        String line = head.method() + " " + head.target() + " " + head.version();
        return request(head.connection(), line, head.headers(), body, complete);
    }

    private static Request request(int number, String line, List<Header> headers, Body body, boolean complete)
            throws IOException {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3) {
            throw new MessageReader.Rubbish("not a request line: \"" + line + "\"");
        }
        return new Request(number, parts[0], parts[1], parts[2], headers, body.latin1(), body.trailers(), complete);
    }

    private void record(Request request) {
        synchronized (requests) {
            requests.add(request);
        }
    }

    private static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            // A connection that cannot be closed is closed.
        }
    }
}
