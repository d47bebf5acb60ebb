package com.foobar.testkit;

import com.foobar.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a fault proxy: two sockets, and a thread for each way. */
final class Link {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A narrow link moves its bytes in this rhythm. */
    private static final Duration BEAT = Duration.ofMillis(20);

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket target = new Socket();

    /** Both ways have to end before the sockets are closed: half-close is a thing of its own. */
    private final AtomicInteger waysOpen = new AtomicInteger(2);

    private volatile boolean ended;
    private volatile boolean lostBytes;
    private volatile boolean dead;

    Link(FaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    void start() {
        proxy.thread(this::connectThenPump).start();
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isDead() {
        return dead;
    }

    boolean hasLostBytes() {
        return lostBytes;
    }

    /** From now on everything on it vanishes, whatever becomes of the others. */
    void die() {
        dead = true;
    }

    /** With FIN, on both sides. */
    void close() {
        ended = true;
        closeQuietly(client);
        closeQuietly(target);
        proxy.ended(this);
    }

    /** With RST, on both sides. */
    void reset() {
        lingerNot(client);
        lingerNot(target);
        close();
    }

    private void connectThenPump() {
        try {
            Faults faults = proxy.awaitFaults(this, now -> !now.stalled());
            if (faults.swallows(Direction.TO_TARGET)) {
                // The SYN is lost with the rest; the client's side stands because it was accepted here.
                lose(faults);
                Faults unused = proxy.awaitFaults(this, now -> !now.swallows(Direction.TO_TARGET));
                reset();
                return;
            }
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            target.connect(proxy.target(), (int) CONNECT.toMillis());
        } catch (IOException | InterruptedException e) {
            // The target refuses: through a connection that is accepted already, a reset is the nearest thing.
            reset();
            return;
        }
        proxy.thread(() -> pump(Direction.TO_CLIENT, target, client)).start();
        pump(Direction.TO_TARGET, client, target);
    }

    private void pump(Direction direction, Socket from, Socket to) {
        Way way = new Way(direction, to);
        try {
            byte[] buffer = new byte[16 * 1024];
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                way.move(buffer, read);
            }
            way.end();
        } catch (IOException e) {
            breakOff(direction);
        } catch (InterruptedException e) {
            reset();
        }
    }

    /** One side is gone without goodbye; the other learns of it only over a link that works. */
    private void breakOff(Direction direction) {
        try {
            Faults faults = proxy.awaitFaults(this, now -> !now.stalled());
            if (!ended && (dead || faults.swallows(direction))) {
                lose(faults);
                return;
            }
        } catch (InterruptedException e) {
            // As if healed.
        }
        reset();
    }

    /** Heal resets the links that lost bytes; one that loses them while heal looks must do it itself. */
    private void lose(Faults seen) {
        lostBytes = true;
        if (!dead && proxy.faults().serial() != seen.serial()) {
            reset();
        }
    }

    /** One direction. Used by its own thread only. */
    private final class Way {
        private final Direction direction;
        private final Socket to;
        private long countedSince = -1;
        private long moved;

        Way(Direction direction, Socket to) {
            this.direction = direction;
            this.to = to;
        }

        void move(byte[] bytes, int length) throws IOException, InterruptedException {
            Duration latency = proxy.faults().latency();
            if (!latency.isZero()) {
                proxy.pause(Link.this, latency);
            }
            for (int at = 0; at < length && !ended; ) {
                Faults faults = proxy.awaitFaults(Link.this, now -> !now.stalled());
                if (dead || faults.swallows(direction)) {
                    lose(faults);
                    return;
                }
                int piece = (int) Math.min(length - at, allowed(faults));
                to.getOutputStream().write(bytes, at, piece);
                at += piece;
                moved += piece;
                if (isSpent(faults)) {
                    close();
                } else if (faults.bytesPerSecond() > 0) {
                    proxy.pause(Link.this, Duration.ofNanos(1_000_000_000L * piece / faults.bytesPerSecond()));
                }
            }
        }

        private long allowed(Faults faults) {
            long allowed = Integer.MAX_VALUE;
            if (faults.bytesPerSecond() > 0) {
                allowed = Math.max(1, faults.bytesPerSecond() * BEAT.toMillis() / 1_000);
            }
            if (counts(faults)) {
                if (countedSince != faults.serial()) {
                    countedSince = faults.serial();
                    moved = 0;
                }
                allowed = Math.min(allowed, Math.max(0, faults.closeAfter() - moved));
            }
            return allowed;
        }

        private boolean isSpent(Faults faults) {
            return counts(faults) && moved >= faults.closeAfter();
        }

        private boolean counts(Faults faults) {
            return faults.closeAfter() >= 0 && faults.counted() == direction;
        }

        /** The end travels like the bytes before it: late, stalled or lost. */
        void end() throws IOException, InterruptedException {
            Faults faults = proxy.awaitFaults(Link.this, now -> !now.stalled());
            if (dead || faults.swallows(direction)) {
                lose(faults);
                return;
            }
            to.shutdownOutput();
            if (waysOpen.decrementAndGet() == 0) {
                close();
            }
        }
    }

    private static void lingerNot(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that cannot be closed is closed.
        }
    }
}
