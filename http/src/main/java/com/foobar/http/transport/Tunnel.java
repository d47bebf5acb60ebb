package com.foobar.http.transport;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/** Bytes both ways after an upgrade, with back pressure; an end in one direction is passed on and the other goes on. */
final class Tunnel extends Watched implements HttpUpgradeListener {
    // Then others have their turn on this thread.
    private static final int ROUNDS = 8;

    private final Leg leg;
    private final StreamConnection back;
    private final long idleNanos;
    private @Nullable StreamConnection front;
    private @Nullable Way up;
    private @Nullable Way down;
    private @Nullable ByteBuffer early;
    private long lastByte;
    private boolean over;

    Tunnel(Leg leg, StreamConnection back, Duration idle) {
        this.leg = leg;
        this.back = back;
        this.idleNanos = idle.toNanos();
        // Until the client's side is ours nothing may be read here.
        back.getSourceChannel().suspendReads();
        back.getSourceChannel().setReadListener(null);
        lastByte = leg.lane.time.nanos();
        leg.lane.watch(this);
    }

    /** Bytes of the new protocol that came together with the 101. */
    void keep(ByteBuffer rest) {
        early = rest;
    }

    @Override
    public void handleUpgrade(StreamConnection client, HttpServerExchange exchange) {
        if (over) {
            IoUtils.safeClose(client);
            return;
        }
        front = client;
        Way down = new Way(back.getSourceChannel(), client.getSinkChannel());
        Way up = new Way(client.getSourceChannel(), back.getSinkChannel());
        this.down = down;
        this.up = up;
        down.buffer = early;
        early = null;
        down.start();
        if (!over) {
            up.start();
        }
    }

    @Override
    void check(long now) {
        if (now - lastByte >= idleNanos) {
            finish(front == null ? Cause.CLIENT_GONE : Cause.TIMEOUT, "no byte through the tunnel for too long");
        }
    }

    private void finish(Cause cause, String detail) {
        if (over) {
            return;
        }
        over = true;
        leg.lane.unwatch(this);
        IoUtils.safeClose(front);
        long sent = up == null ? 0 : up.count;
        long received = down == null ? 0 : down.count;
        if (up != null) {
            up.drop();
        }
        if (down != null) {
            down.drop();
        }
        if (early != null) {
            leg.lane.giveBuffer(early);
            early = null;
        }
        leg.tunnelled(sent, received, cause, detail);
    }

    /** One direction. */
    private final class Way {
        private final ConduitStreamSourceChannel from;
        private final ConduitStreamSinkChannel to;
        private @Nullable ByteBuffer buffer;
        private boolean ended;
        private boolean shut;
        private long count;

        Way(ConduitStreamSourceChannel from, ConduitStreamSinkChannel to) {
            this.from = from;
            this.to = to;
        }

        void start() {
            from.setReadListener(source -> move());
            to.setWriteListener(sink -> move());
            move();
            if (!over && !ended && buffer == null) {
                from.resumeReads();
            }
        }

        void drop() {
            ByteBuffer held = buffer;
            if (held != null) {
                buffer = null;
                leg.lane.giveBuffer(held);
            }
        }

        private void move() {
            if (over) {
                return;
            }
            try {
                for (int round = 0; flushed() && !ended; round++) {
                    if (round == ROUNDS) {
                        from.resumeReads();
                        return;
                    }
                    ByteBuffer held = leg.lane.takeBuffer();
                    buffer = held;
                    int n = from.read(held);
                    held.flip();
                    if (n > 0) {
                        lastByte = leg.lane.time.nanos();
                        count += n;
                    } else {
                        ended = n < 0;
                        drop();
                        if (n == 0) {
                            from.resumeReads();
                            return;
                        }
                        from.suspendReads();
                    }
                }
            } catch (IOException broken) {
                finish(Cause.RESET, String.valueOf(broken.getMessage()));
            }
        }

        /** True when there is nothing left to write. */
        private boolean flushed() throws IOException {
            ByteBuffer held = buffer;
            if (held != null) {
                while (held.hasRemaining()) {
                    if (to.write(held) == 0) {
                        from.suspendReads();
                        to.resumeWrites();
                        return false;
                    }
                    lastByte = leg.lane.time.nanos();
                }
                drop();
            }
            if (!to.flush()) {
                to.resumeWrites();
                return false;
            }
            to.suspendWrites();
            if (ended && !shut) {
                shut = true;
                to.shutdownWrites();
                if (!to.flush()) {
                    to.resumeWrites();
                    return false;
                }
            }
            Way one = up;
            Way other = down;
            if (one != null && other != null && one.shut && other.shut) {
                finish(Cause.NONE, "");
                return false;
            }
            return true;
        }
    }
}
