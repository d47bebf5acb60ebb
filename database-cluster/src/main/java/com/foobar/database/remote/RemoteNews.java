package com.foobar.database.remote;

import com.foobar.database.node.NewsDesk;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks the coordinator behind one door who is primary. */
public final class RemoteNews implements NewsDesk, AutoCloseable {

    /** What a network and a busy machine may add to the wait. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(1);

    private final Line line;

    public RemoteNews(HostPort door, Access access, Time time) {
        this.line = new Line(door, access, time, said -> {});
    }

    @Override
    public CompletableFuture<String> newerThan(long epoch, long version, Duration wait) {
        return line.ask(
                        Wording.object(
                                "ask", "news", "epoch", epoch, "version", version, "waitMillis", wait.toMillis()),
                        wait.plus(ALLOWANCE))
                .thenApply(RemoteNews::document);
    }

    private static String document(Fields said) {
        try {
            if (said.has("document")) {
                return said.text("document");
            }
            throw new CompletionException(new IllegalStateException(said.text("unknown")));
        } catch (Rubbish e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
