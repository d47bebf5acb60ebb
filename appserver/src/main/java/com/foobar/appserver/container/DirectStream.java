package com.foobar.appserver.container;

import com.foobar.http.transport.Front;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/**
 * One request and its answer, moved between an Undertow exchange and a Jetty channel without being written and parsed between
 * them. Bodies move when the side that takes them asks, so the slower one sets the pace both ways.
 *
 * <p>The application's threads read and write the exchange themselves; its I/O thread goes on where they would have to wait.
 * The lock is needed because an exchange keeps in one plain field whether its request and whether its answer are complete.
 * Nothing of Jetty's is called with it held.
 */
final class DirectStream implements HttpStream, ExchangeCompletionListener {
    static final String GONE = "the tier in front ended the exchange";

    private final Object lock = new Object();
    private final String id;
    private final HttpServerExchange exchange;
    private final Executor executor;
    private final IncomingBody incoming;
    private final OutgoingAnswer outgoing;
    private @Nullable HttpChannel channel;
    private @Nullable Stay stay;
    private boolean over;
    private boolean returned;
    /** The tier in front ended the exchange: its channels would take bytes for ever and move none. */
    private boolean gone;

    private volatile boolean committed;
    private volatile long idleTimeout;

    DirectStream(String id, HttpServerExchange exchange, ByteBufferPool buffers, Executor executor) {
        this.id = id;
        this.exchange = exchange;
        this.executor = executor;
        this.incoming = new IncomingBody(exchange, buffers);
        this.outgoing = new OutgoingAnswer(exchange, this::writable);
    }

    void attach(HttpChannel answering) {
        channel = answering;
        answering.setHttpStream(this);
        exchange.addExchangeCompleteListener(this);
    }

    void accompany(Stay one) {
        stay = one;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public Content.@Nullable Chunk read() {
        synchronized (lock) {
            return incoming.read();
        }
    }

    @Override
    public void demand() {
        synchronized (lock) {
            StreamSourceChannel from = incoming.awaited();
            if (from != null) {
                from.getReadSetter().set(this::readable);
                from.resumeReads();
                return;
            }
        }
        run(channel().onContentAvailable());
    }

    /** On the I/O thread. */
    private void readable(StreamSourceChannel from) {
        synchronized (lock) {
            from.suspendReads();
        }
        run(channel().onContentAvailable());
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {
        Stay one = stay;
        if (one != null) {
            one.committing(headers);
        }
    }

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean finishes,
            @Nullable ByteBuffer content,
            Callback callback) {
        Stay one = stay;
        if (one == null) {
            move(request, response, finishes, content, callback);
        } else {
            one.send(
                    response,
                    finishes,
                    content,
                    callback,
                    (head, last, bytes, then) -> move(request, head, last, bytes, then));
        }
    }

    private void move(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean finishes,
            @Nullable ByteBuffer content,
            Callback callback) {
        if (response != null && HttpStatus.isInterim(response.getStatus())) {
            // Whoever reads the body has told the client to go on; no other interim answer has a way through the tiers.
            callback.succeeded();
            return;
        }
        Throwable failure = null;
        boolean done = false;
        synchronized (lock) {
            try {
                if (gone) {
                    // Or Jetty would go on and try to send an error page.
                    committed = true;
                    throw new EofException(GONE);
                }
                if (response != null) {
                    committed = true;
                    outgoing.head(response);
                }
                ByteBuffer piece =
                        content == null || HttpMethod.HEAD.is(request.getMethod()) ? BufferUtil.EMPTY_BUFFER : content;
                done = outgoing.send(piece, finishes, callback);
            } catch (IOException | RuntimeException broken) {
                Callback unused = outgoing.forget();
                failure = broken;
            }
        }
        tell(callback, done, failure);
    }

    /** On the I/O thread. */
    private void writable(StreamSinkChannel to) {
        Callback whom;
        Throwable failure = null;
        boolean done = false;
        synchronized (lock) {
            whom = outgoing.whom();
            if (whom == null) {
                to.suspendWrites();
                return;
            }
            try {
                to.suspendWrites();
                done = outgoing.push();
            } catch (IOException | RuntimeException broken) {
                Callback unused = outgoing.forget();
                failure = broken;
            }
        }
        Throwable broken = failure;
        if (broken != null || done) {
            boolean well = done;
            run(Invocable.from(whom.getInvocationType(), () -> tell(whom, well, broken)));
        }
    }

    private static void tell(Callback whom, boolean done, @Nullable Throwable failure) {
        if (failure != null) {
            whom.failed(failure instanceof EofException ? failure : new EofException(failure));
        } else if (done) {
            whom.succeeded();
        }
    }

    @Override
    public Runnable cancelSend(Throwable cause, Callback appCallback) {
        Callback waiting;
        synchronized (lock) {
            waiting = outgoing.forget();
        }
        return () -> {
            try {
                if (waiting != null) {
                    // What is half written cannot be taken for the whole.
                    abort();
                    waiting.failed(cause);
                }
            } finally {
                appCallback.failed(cause);
            }
        };
    }

    /** The exchange itself drains what the application left unread, within the limits of its listener. */
    @Override
    public @Nullable Throwable consumeAvailable() {
        return null;
    }

    @Override
    public long getIdleTimeout() {
        return idleTimeout;
    }

    /** Kept only: the transport in front watches over bytes that do not move, and lets the client go. */
    @Override
    public void setIdleTimeout(long millis) {
        idleTimeout = millis;
    }

    @Override
    public boolean isCommitted() {
        return committed;
    }

    @Override
    public void succeeded() {
        finish(null);
        synchronized (lock) {
            if (!exchange.isComplete()) {
                exchange.endExchange();
            }
        }
    }

    @Override
    public void failed(Throwable failure) {
        finish(failure);
        abort();
    }

    private void finish(@Nullable Throwable failure) {
        synchronized (lock) {
            over = true;
        }
        Stay one = stay;
        if (one != null) {
            one.ended(failure);
        }
    }

    private void abort() {
        synchronized (lock) {
            // Once it is complete its connection carries the next request.
            if (!exchange.isComplete()) {
                Front.abort(exchange, outgoing.channel());
            }
        }
    }

    /** The exchange is complete: as it should be, or because the tier in front has given up on it. */
    @Override
    public void exchangeEvent(HttpServerExchange same, NextListener next) {
        try {
            if (lost()) {
                release();
            }
        } finally {
            next.proceed();
        }
    }

    private boolean lost() {
        synchronized (lock) {
            gone = !outgoing.isPushing() && !over;
            if (gone) {
                incoming.fail(new EofException(GONE));
            }
            return gone;
        }
    }

    /**
     * Lets go whoever waits for bytes. The application as a whole is told only when it has returned: what Jetty hears before
     * that, it does not tell to an application that becomes asynchronous afterwards.
     */
    private void release() {
        Callback waiting;
        boolean tell;
        synchronized (lock) {
            waiting = returned ? null : outgoing.forget();
            tell = returned;
        }
        if (tell) {
            giveUp();
            return;
        }
        if (waiting != null) {
            run(Invocable.from(waiting.getInvocationType(), () -> waiting.failed(new EofException(GONE))));
        }
        run(channel().onContentAvailable());
    }

    /** The application's method has returned; the answer may come later. On the thread that called it. */
    void returned() {
        boolean late;
        synchronized (lock) {
            returned = true;
            late = gone && !over;
        }
        if (late) {
            giveUp();
        }
    }

    /** An asynchronous application that ignores what it is told would be counted as busy for as long as it likes. */
    private void giveUp() {
        EofException failure = new EofException(GONE);
        executor.execute(() -> {
            Runnable task = channel().onFailure(failure);
            if (task != null) {
                task.run();
            }
            finish(failure);
        });
    }

    /** Of this thread if the task promises not to wait; an I/O thread must not. */
    private void run(@Nullable Runnable task) {
        if (task == null) {
            return;
        }
        switch (Invocable.getInvocationType(task)) {
            case BLOCKING -> executor.execute(task);
            case NON_BLOCKING -> task.run();
            case EITHER -> Invocable.invokeNonBlocking(task);
        }
    }

    private HttpChannel channel() {
        HttpChannel known = channel;
        if (known == null) {
            throw new IllegalStateException("the stream has no channel yet");
        }
        return known;
    }
}
