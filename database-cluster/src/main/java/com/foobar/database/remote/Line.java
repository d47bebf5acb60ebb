package com.foobar.database.remote;

import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a door: connects when there is something to ask, keeps the connection, and lets it go when nothing comes back over it. One
 * thread connects and writes, one reads; who asks waits for neither.
 */
final class Line implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    private static final Duration CONNECT = Duration.ofMillis(500);

    /** Questions not yet written; more are a door that does not read, and are not answered. */
    private static final int MOST_UNASKED = 256;

    /** Unanswered in a row: the connection may lead nowhere any more, and TCP would take minutes to say so. */
    private static final int MOST_IN_VAIN = 3;

    private record Question(long id, String text, CompletableFuture<Fields> answer) {}

    private final HostPort at;
    private final Access access;
    private final Time time;
    private final Consumer<Fields> unasked;
    private final BlockingQueue<Question> questions = new ArrayBlockingQueue<>(MOST_UNASKED);
    private final Thread writer;

    // Guarded by this object's lock.
    private final Map<Long, Question> open = new HashMap<>();
    private @Nullable Frames frames;
    private long lastId;
    private int inVain;
    private boolean closed;
    private String lastComplaint = "";

    /** @param unasked gets what the other side says on its own, on the reader's thread */
    Line(HostPort at, Access access, Time time, Consumer<Fields> unasked) {
        this.at = at;
        this.access = access;
        this.time = time;
        this.unasked = unasked;
        this.writer = Threads.one("line", "ask", this::write);
        writer.start();
    }

    HostPort at() {
        return at;
    }

    /** Fails when no answer comes within the limit, or at once when nobody can be asked. */
    CompletableFuture<Fields> ask(Map<String, Object> what, Duration limit) {
        Question question;
        synchronized (this) {
            long id = ++lastId;
            what.put("id", id);
            question = new Question(id, Fields.write(what), new CompletableFuture<>());
            if (closed || !questions.offer(question)) {
                return CompletableFuture.failedFuture(
                        new IOException(closed ? "the line to " + at + " is closed" : at + " does not take questions"));
            }
            open.put(id, question);
        }
        Time.Timeout late = time.after(limit, () -> inVain(question, limit));
        return question.answer().whenComplete((answer, failed) -> late.cancel());
    }

    private void inVain(Question question, Duration limit) {
        Frames useless = null;
        synchronized (this) {
            open.remove(question.id());
            if (++inVain >= MOST_IN_VAIN) {
                useless = frames;
                inVain = 0;
            }
        }
        if (useless != null) {
            useless.close();
        }
        boolean unused = question.answer()
                .completeExceptionally(new TimeoutException("no answer from " + at + " within " + limit));
    }

    private void write() {
        try {
            while (true) {
                Question question = questions.take();
                if (question.answer().isDone()) {
                    continue;
                }
                try {
                    connected().send(question.text());
                } catch (IOException e) {
                    broken(e);
                }
            }
        } catch (InterruptedException e) {
            // Told to end by close.
            Thread.currentThread().interrupt();
        }
    }

    /** On the writer's thread. */
    private Frames connected() throws IOException {
        synchronized (this) {
            if (frames != null) {
                return frames;
            }
        }
        Frames made = connect();
        synchronized (this) {
            if (closed) {
                made.close();
                throw new IOException("the line to " + at + " is closed");
            }
            frames = made;
            inVain = 0;
            if (!lastComplaint.isEmpty()) {
                LOG.info("{} is reached again", at);
                lastComplaint = "";
            }
        }
        Threads.one("line", "hear", () -> read(made)).start();
        return made;
    }

    private Frames connect() throws IOException {
        Socket socket = new Socket();
        // Each read has its limit, but a door may drip: the whole has one, too.
        Time.Timeout limit = time.after(CONNECT.multipliedBy(2), () -> closeQuietly(socket));
        boolean made = false;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(at.host(), at.port()), (int) CONNECT.toMillis());
            socket.setSoTimeout((int) CONNECT.toMillis());
            Frames frames = Frames.asking(socket, at, access);
            frames.idleLimit(Duration.ZERO);
            made = true;
            return frames;
        } finally {
            limit.cancel();
            if (!made) {
                socket.close();
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A socket did not close: {}", e.toString());
        }
    }

    private void read(Frames from) {
        try {
            while (true) {
                Fields said = from.receive();
                synchronized (this) {
                    inVain = 0;
                }
                if (said.has("id")) {
                    answered(said);
                } else {
                    unasked.accept(said);
                }
            }
        } catch (IOException e) {
            from.close();
            synchronized (this) {
                if (!from.equals(frames)) {
                    return;
                }
            }
            broken(e);
        } catch (RuntimeException e) {
            LOG.error("What {} said could not be taken", at, e);
            broken(new IOException(e));
        }
    }

    private void answered(Fields said) throws Rubbish {
        Question question;
        synchronized (this) {
            question = open.remove(said.number("id"));
        }
        // One that was given up is answered late: nobody waits.
        if (question != null) {
            boolean unused = question.answer().complete(said);
        }
    }

    /** Everything that was asked over the connection, or would be, fails now: waiting for it would only look like a hang. */
    private void broken(IOException why) {
        List<Question> lost;
        synchronized (this) {
            if (frames != null) {
                frames.close();
                frames = null;
            }
            lost = List.copyOf(open.values());
            open.clear();
            String complaint = why.toString();
            if (!closed && !complaint.equals(lastComplaint)) {
                lastComplaint = complaint;
                LOG.warn("{} is not reached: {}", at, complaint);
            }
        }
        lost.forEach(question -> question.answer().completeExceptionally(why));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        writer.interrupt();
        broken(new IOException("the line to " + at + " is closed"));
    }
}
