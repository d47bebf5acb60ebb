package com.foobar.appserver.container;

import com.foobar.http.transport.Front;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
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
    private static final int READ_BYTES = 16 * 1024;
    private static final String GONE = "the tier in front ended the exchange";

    private final Object lock = new Object();
    private final String id;
    private final HttpServerExchange exchange;
    private final ByteBufferPool buffers;
    private final Executor executor;
    private @Nullable HttpChannel channel;
    private @Nullable Stay stay;
    private @Nullable StreamSourceChannel source;
    private @Nullable StreamSinkChannel sink;
    /** What every further read gives: the end, or why there is none. */
    private Content.@Nullable Chunk end;
    /** What is on its way out, and whom to tell. */
    private @Nullable ByteBuffer outgoing;

    private @Nullable Callback sent;
    private boolean last;
    private boolean shut;
    /** This thread moves bytes of the answer: what the exchange reports meanwhile it reports because of that. */
    private boolean pushing;

    private boolean over;
    private boolean returned;
    /** The tier in front ended the exchange: its channels would take bytes for ever and move none. */
    private boolean gone;

    private volatile boolean committed;
    private volatile long idleTimeout;

    DirectStream(String id, HttpServerExchange exchange, ByteBufferPool buffers, Executor executor) {
        this.id = id;
        this.exchange = exchange;
        this.buffers = buffers;
        this.executor = executor;
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
            if (end != null) {
                return end;
            }
            try {
                StreamSourceChannel from = source();
                return from == null ? finished() : read(from);
            } catch (IOException broken) {
                end = Content.Chunk.from(understood(broken), true);
                return end;
            }
        }
    }

    private @Nullable StreamSourceChannel source() {
        StreamSourceChannel known = source;
        if (known == null && !exchange.isRequestComplete()) {
            known = exchange.getRequestChannel();
            source = known;
        }
        return known;
    }

    private Content.@Nullable Chunk read(StreamSourceChannel from) throws IOException {
        RetainableByteBuffer buffer = buffers.acquire(READ_BYTES, false);
        ByteBuffer bytes = buffer.getByteBuffer();
        int count = 0;
        try {
            int position = BufferUtil.flipToFill(bytes);
            count = from.read(bytes);
            BufferUtil.flipToFlush(bytes, position);
        } finally {
            if (count <= 0) {
                buffer.release();
            }
        }
        if (count == 0) {
            return null;
        }
        return count < 0 ? finished() : Content.Chunk.asChunk(bytes, false, buffer);
    }

    private Content.Chunk finished() {
        HeaderMap trailers = exchange.getAttachment(HttpAttachments.REQUEST_TRAILERS);
        if (trailers != null && trailers.size() > 0) {
            end = Content.Chunk.EOF;
            return new Trailers(Fields.ofRequest(trailers));
        }
        end = Content.Chunk.EOF;
        return end;
    }

    /** So that the application's answer is the one the client of a listener gets. */
    private static Throwable understood(IOException broken) {
        return broken instanceof RequestTooBigException
                ? new HttpException.RuntimeException(HttpStatus.PAYLOAD_TOO_LARGE_413, broken)
                : broken;
    }

    @Override
    public void demand() {
        synchronized (lock) {
            StreamSourceChannel from = end == null ? source() : null;
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
                    head(response);
                }
                boolean none = content == null || HttpMethod.HEAD.is(request.getMethod());
                outgoing = none ? BufferUtil.EMPTY_BUFFER : content;
                last = finishes;
                sent = callback;
                done = push();
            } catch (IOException | RuntimeException broken) {
                sent = null;
                failure = broken;
            }
        }
        tell(callback, done, failure);
    }

    private void head(MetaData.Response response) {
        committed = true;
        exchange.setStatusCode(response.getStatus());
        Fields.respond(response.getHttpFields(), exchange.getResponseHeaders());
        Supplier<HttpFields> trailers = response.getTrailersSupplier();
        if (trailers != null) {
            exchange.putAttachment(
                    HttpAttachments.RESPONSE_TRAILER_SUPPLIER, () -> Fields.trailers(orNone(trailers.get())));
        }
    }

    private static HttpFields orNone(@Nullable HttpFields fields) {
        return fields == null ? HttpFields.EMPTY : fields;
    }

    /** True when all has left; otherwise the I/O thread goes on when there is room. */
    private boolean push() throws IOException {
        pushing = true;
        try {
            StreamSinkChannel to = sink();
            ByteBuffer bytes = outgoing;
            while (bytes != null && bytes.hasRemaining()) {
                if (to.write(bytes) == 0) {
                    return later(to);
                }
            }
            if (last && !shut) {
                shut = true;
                to.shutdownWrites();
            }
            if (!to.flush()) {
                return later(to);
            }
            outgoing = null;
            sent = null;
            return true;
        } finally {
            pushing = false;
        }
    }

    private StreamSinkChannel sink() throws IOException {
        StreamSinkChannel known = sink;
        if (known == null) {
            known = exchange.getResponseChannel();
            if (known == null) {
                throw new EofException(GONE);
            }
            known.getWriteSetter().set(this::writable);
            sink = known;
        }
        return known;
    }

    private static boolean later(StreamSinkChannel to) {
        to.resumeWrites();
        return false;
    }

    /** On the I/O thread. */
    private void writable(StreamSinkChannel to) {
        Callback whom;
        Throwable failure = null;
        boolean done = false;
        synchronized (lock) {
            whom = sent;
            if (whom == null) {
                to.suspendWrites();
                return;
            }
            try {
                to.suspendWrites();
                done = push();
            } catch (IOException | RuntimeException broken) {
                sent = null;
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
            waiting = sent;
            sent = null;
            outgoing = null;
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
                Front.abort(exchange, sink);
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
            gone = !pushing && !over;
            if (gone && end == null) {
                end = Content.Chunk.from(new EofException(GONE), true);
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
            waiting = returned ? null : sent;
            tell = returned;
            if (waiting != null) {
                sent = null;
                outgoing = null;
            }
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
