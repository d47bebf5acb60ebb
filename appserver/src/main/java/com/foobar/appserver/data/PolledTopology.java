package com.foobar.appserver.data;

import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News from other machines: a long poll of every admin port at once, a thread each, so that one that hangs delays nobody. The newest
 * answer counts, whoever gave it.
 */
public final class PolledTopology implements TopologyNews {

    private static final Logger LOG = LoggerFactory.getLogger(PolledTopology.class);
    private static final int LONGEST_ANSWER = 256 * 1024;
    /** After a failure, or an answer without news that came sooner; askAgain cuts it short. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final NewestTopology newest;
    private final Duration wait;
    private final Duration connect;
    private final Time time;
    private final HttpClient client;
    private final ExecutorService threads;
    private final List<Asker> askers = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param wait for how long a server may hold the question back; well below the documents' validity, or that runs out in between
     */
    public PolledTopology(
            String owner, String cluster, List<HostPort> adminPorts, Duration wait, Duration connect, Time time) {
        this.newest = new NewestTopology(cluster);
        this.wait = wait;
        this.connect = connect;
        this.time = time;
        this.threads = Executors.newCachedThreadPool(Threads.named(owner, "topology"));
        this.client = HttpClient.newBuilder()
                .connectTimeout(connect)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .build();
        for (HostPort port : adminPorts) {
            Asker asker = new Asker(port);
            askers.add(asker);
            threads.execute(asker);
        }
    }

    @Override
    public Optional<Heard> newest() {
        return newest.newest();
    }

    @Override
    public void subscribe(Consumer<Heard> listener) {
        newest.subscribe(listener);
    }

    @Override
    public void askAgain() {
        askers.forEach(asker -> asker.wake.release());
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
    }

    /** One admin port, asked for as long as this lives. */
    private final class Asker implements Runnable {
        private final HostPort port;
        private final Semaphore wake = new Semaphore(0);
        private boolean complained;

        private Asker(HostPort port) {
            this.port = port;
        }

        @Override
        public void run() {
            try {
                while (!closed) {
                    boolean more = ask();
                    if (!more && !closed) {
                        if (wake.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                            // Who cut the pause short doubts what is known; the next question has to say so.
                            wake.release();
                        }
                    }
                }
            } catch (InterruptedException e) {
                // Closing interrupts; there is nobody left to tell.
                Thread.currentThread().interrupt();
            }
        }

        /** Whether it is worth asking again at once. */
        private boolean ask() throws InterruptedException {
            long askedAt = time.nanos();
            try {
                TopologyDocument document = TopologyDocument.parse(answer());
                boolean news = newest.newest()
                        .map(known -> document.isNewerThan(known.document()))
                        .orElse(true);
                boolean heard = newest.hear(new Heard(document, askedAt));
                if (complained) {
                    LOG.info("{} answers again about the database topology", port);
                }
                complained = false;
                // Nothing new and not held back either: asked again at once, it would be asked so for ever.
                return (news && heard) || time.nanos() - askedAt >= PAUSE.toNanos();
            } catch (TopologyUnreadable | IOException e) {
                if (!complained && !closed) {
                    complained = true;
                    LOG.warn(
                            "{} gives no database topology, the others are asked all the same: {}", port, e.toString());
                }
                return false;
            }
        }

        private String answer() throws IOException, InterruptedException {
            long askedAt = time.nanos();
            CompletableFuture<HttpResponse<InputStream>> asked =
                    client.sendAsync(request(), BodyHandlers.ofInputStream());
            try {
                HttpResponse<InputStream> response = asked.get(bound().toMillis(), TimeUnit.MILLISECONDS);
                try (InputStream body = response.body()) {
                    if (response.statusCode() != 200) {
                        throw new IOException("status " + response.statusCode());
                    }
                    return text(body, bound().minusNanos(time.nanos() - askedAt));
                }
            } catch (ExecutionException e) {
                throw new IOException(String.valueOf(e.getCause()), e);
            } catch (TimeoutException e) {
                throw new IOException("no answer within " + bound(), e);
            } finally {
                asked.cancel(true);
            }
        }

        /** The client's own timeouts end with the head: a body that drips for ever ends when it is closed under its reader. */
        private String text(InputStream body, Duration left) throws IOException {
            AtomicBoolean late = new AtomicBoolean();
            Time.Timeout watch = time.after(left, () -> {
                late.set(true);
                closeQuietly(body);
            });
            try {
                byte[] bytes = body.readNBytes(LONGEST_ANSWER + 1);
                if (bytes.length > LONGEST_ANSWER) {
                    throw new IOException("more than " + LONGEST_ANSWER + " bytes");
                }
                if (late.get()) {
                    throw new IOException("no whole answer within " + bound());
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } finally {
                watch.cancel();
            }
        }

        private static void closeQuietly(InputStream body) {
            try {
                body.close();
            } catch (IOException e) {
                LOG.debug("an answer that took too long could not be closed", e);
            }
        }

        private Duration bound() {
            return wait.plus(connect).plusSeconds(1);
        }

        private HttpRequest request() {
            // A known fact that contradicts the document makes the question one that is answered at once.
            boolean doubt = wake.availablePermits() > 0;
            wake.drainPermits();
            String query = newest.newest()
                    .filter(heard -> !doubt)
                    .map(heard -> "?after=" + heard.document().stamp() + "&wait=" + wait.toMillis() + "ms")
                    .orElse("");
            return HttpRequest.newBuilder(URI.create("http://" + port + "/database" + query))
                    .timeout(bound())
                    .build();
        }
    }
}
