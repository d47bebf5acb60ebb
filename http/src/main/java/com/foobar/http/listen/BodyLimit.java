package com.foobar.http.listen;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The most bytes one request body may have, which depends on the route and so is set per exchange. Undertow's own limit prints
 * a stack trace for every chunked body that exceeds it, and its proxy answers 503; this one does neither.
 */
public final class BodyLimit {

    private BodyLimit() {}

    /**
     * Sets the limit before the body is read. False when the request announces more: answer {@link Fault#BODY_TOO_LARGE} and read
     * nothing. A body that does not announce its size is counted, and reading beyond the limit throws
     * {@link RequestBodyRefused}.
     */
    public static boolean set(HttpServerExchange exchange, long mostBytes) {
        long announced = exchange.getRequestContentLength();
        if (announced > mostBytes) {
            return false;
        }
        if (announced < 0 && !exchange.isRequestComplete()) {
            exchange.addRequestWrapper((factory, own) -> new Counted(factory.create(), own, mostBytes));
        }
        return true;
    }

    private static final class Counted extends AbstractStreamSourceConduit<StreamSourceConduit> {

        private final HttpServerExchange exchange;
        private long left;

        Counted(StreamSourceConduit next, HttpServerExchange exchange, long mostBytes) {
            super(next);
            this.exchange = exchange;
            this.left = mostBytes;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = next.read(into);
            left -= Math.max(0, count);
            if (left < 0) {
                exchange.setPersistent(false);
                throw new RequestBodyRefused(Fault.BODY_TOO_LARGE);
            }
            return count;
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (into[i].hasRemaining()) {
                    return read(into[i]);
                }
            }
            return 0;
        }

        @Override
        public long transferTo(long position, long count, FileChannel target) throws IOException {
            return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
        }

        @Override
        public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
            return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
        }
    }
}
