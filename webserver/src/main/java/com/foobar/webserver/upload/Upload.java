package com.foobar.webserver.upload;

import com.foobar.http.listen.Fault;
import com.foobar.http.listen.RequestBodyRefused;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/** One body on its way in. All of it on the exchange's I/O thread, but the writing of the file. */
final class Upload implements Runnable, ChannelListener<StreamSourceChannel>, ExchangeCompletionListener {
    private static final Logger log = LoggerFactory.getLogger(Upload.class);

    /** Then others have their turn. */
    private static final int ROUNDS = 16;

    private final HttpServerExchange exchange;
    private final UploadSettings settings;
    private final Stock stock;
    private final Path folder;
    private final Executor disk;
    private final UploadGate.Refusal refusal;
    private final HttpHandler next;

    private byte[] block = new byte[UploadSettings.SMALLEST_BLOCK];
    private int filled;
    private long size;
    private long fileBytes;
    private @Nullable Spill spill;
    private boolean over;

    Upload(
            HttpServerExchange exchange,
            UploadSettings settings,
            Stock stock,
            Path folder,
            Executor disk,
            UploadGate.Refusal refusal,
            HttpHandler next) {
        this.exchange = exchange;
        this.settings = settings;
        this.stock = stock;
        this.folder = folder;
        this.disk = disk;
        this.refusal = refusal;
        this.next = next;
    }

    @Override
    public void run() {
        stock.begin();
        stock.addMemory(block.length);
        exchange.addExchangeCompleteListener(this);
        StreamSourceChannel source = exchange.getRequestChannel();
        if (source == null) {
            throw new IllegalStateException("the request body was taken by another handler");
        }
        source.getReadSetter().set(this);
        pump(source);
    }

    @Override
    public void handleEvent(StreamSourceChannel source) {
        pump(source);
    }

    private void pump(StreamSourceChannel source) {
        try {
            for (int round = 0; round < ROUNDS && !over; round++) {
                if (filled == block.length && !makeRoom(source)) {
                    return;
                }
                int n = source.read(ByteBuffer.wrap(block, filled, block.length - filled));
                if (n == 0) {
                    break;
                }
                if (n < 0) {
                    source.suspendReads();
                    whole();
                    return;
                }
                filled += n;
                size += n;
            }
            if (!over) {
                source.resumeReads();
            }
        } catch (IOException lost) {
            lost(source, lost);
        }
    }

    /** A larger block while that is allowed, else the block goes to the file; false when that takes its time. */
    private boolean makeRoom(StreamSourceChannel source) {
        int larger = (int) Math.min(2L * block.length, settings.memory().bytes());
        int growth = larger - block.length;
        // The block becomes the window to the file later, so growing it is worth while even then.
        if (growth > 0
                && spill == null
                && stock.takeMemory(growth, settings.memoryOfAll().bytes())) {
            block = Arrays.copyOf(block, larger);
            return true;
        }
        source.suspendReads();
        if (!stock.takeFile(filled, settings.filesOfAll().bytes())) {
            refuse(503, "uploads-full");
            return false;
        }
        fileBytes += filled;
        disk.execute(() -> write(source));
        return false;
    }

    /** On the executor. */
    private void write(StreamSourceChannel source) {
        IOException failure = null;
        try {
            Spill file = spill;
            if (file == null) {
                file = Spill.in(folder);
                spill = file;
            }
            file.append(ByteBuffer.wrap(block, 0, filled));
        } catch (IOException full) {
            failure = full;
        }
        IOException why = failure;
        exchange.getIoThread().execute(() -> written(source, why));
    }

    private void written(StreamSourceChannel source, @Nullable IOException failure) {
        if (over) {
            closeSpill();
        } else if (failure != null) {
            log.error("the body of a request cannot be written to {}: {}", folder, failure.toString());
            refuse(503, "uploads-unwritable");
        } else {
            filled = 0;
            pump(source);
        }
    }

    private void whole() {
        stock.end();
        over = true;
        List<PooledByteBuffer> pieces = new ArrayList<>();
        Spill file = spill;
        if (file != null) {
            pieces.addAll(file.pieces(() -> IoUtils.safeClose(exchange.getConnection())));
        }
        if (filled > 0) {
            pieces.add(new InMemory(ByteBuffer.wrap(block, 0, filled)));
        }
        if (exchange.getAttachment(HttpAttachments.REQUEST_TRAILERS) == null) {
            // Now that it is known; an application then need not guess.
            exchange.getRequestHeaders().remove(Headers.TRANSFER_ENCODING);
            exchange.getRequestHeaders().put(Headers.CONTENT_LENGTH, size);
        }
        // Its sender was told to go on when the body was first read here.
        exchange.getRequestHeaders().remove(Headers.EXPECT);
        if (!pieces.isEmpty()) {
            Connectors.ungetRequestBytes(exchange, pieces.toArray(PooledByteBuffer[]::new));
            Connectors.resetRequestChannel(exchange);
        }
        Connectors.executeRootHandler(next, exchange);
    }

    private void lost(StreamSourceChannel source, IOException why) {
        boolean tooLarge = why instanceof RequestTooBigException
                || (why instanceof RequestBodyRefused refused && refused.fault() == Fault.BODY_TOO_LARGE);
        if (tooLarge) {
            refuse(413, "body-too-large");
            return;
        }
        source.suspendReads();
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }

    private void refuse(int status, String reason) {
        exchange.setPersistent(false);
        refusal.refuse(exchange, status, reason);
    }

    /** However it ended. */
    @Override
    public void exchangeEvent(HttpServerExchange same, NextListener following) {
        try {
            if (!over) {
                over = true;
                stock.end();
            }
            stock.giveBack(block.length, fileBytes);
            closeSpill();
        } finally {
            following.proceed();
        }
    }

    private void closeSpill() {
        Spill file = spill;
        if (file != null) {
            file.close();
        }
    }

    /** A part of the body that never left memory. */
    private record InMemory(ByteBuffer bytes) implements PooledByteBuffer {
        @Override
        public ByteBuffer getBuffer() {
            return bytes;
        }

        @Override
        public void close() {
            // Nothing to give back: the stock counts it until the exchange is over.
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    }
}
