package com.foobar.bench;

import com.foobar.kernel.time.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends request n at its own moment, start + n × interval, as soon from then on as a connection is idle, and counts its
 * latency from that moment. One thread, the caller's, and no garbage worth collecting while it runs.
 */
final class OpenLoop implements AutoCloseable {

    /** How long the last answers may take; a server that has stalled is worth a diagnosis, not a wait. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Short enough to be lost in the latencies, long enough to leave the CPU to the server under test. */
    private static final long PAUSE_NANOS = 20_000;

    private final Selector selector;
    private final Time time;
    private final Deque<Exchange> idle = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(256 * 1024);

    private long[] latencies = {};
    private long[] generator = {};
    private int sent;
    private int answered;
    private int onTime;

    /** Requests wait for a connection: the delay of those is the server's, not the generator's. */
    private boolean starved;

    private OpenLoop(Selector selector, Time time) {
        this.selector = selector;
        this.time = time;
    }

    static OpenLoop connect(InetSocketAddress address, String path, int connections, Time time) throws IOException {
        byte[] request =
                ("GET " + path + " HTTP/1.1\r\nHost: " + Bed.SITE + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        OpenLoop loop = new OpenLoop(Selector.open(), time);
        try {
            for (int i = 0; i < connections; i++) {
                loop.open(address, request);
            }
            return loop;
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    /** Sends this many and waits for all answers. */
    Latency run(int total, Duration interval) throws IOException {
        latencies = new long[total];
        generator = new long[total];
        long step = interval.toNanos();
        long start = time.nanos();
        long patience = step * total + GRACE.toNanos();
        while (answered < total) {
            int news = receive() + send(total, start, step);
            if (time.nanos() - start > patience) {
                throw new IOException((total - answered) + " of " + total + " requests had no answer " + GRACE
                        + " after the last was due");
            }
            if (news == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return Latency.of(latencies, Arrays.copyOf(generator, onTime));
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void open(InetSocketAddress address, byte[] request) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(address);
            channel.configureBlocking(false);
            Exchange exchange = new Exchange(channel, request);
            SelectionKey unused = channel.register(selector, SelectionKey.OP_READ, exchange);
            idle.addLast(exchange);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private int receive() throws IOException {
        if (selector.selectNow() == 0) {
            return 0;
        }
        int finished = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            Exchange exchange = (Exchange) key.attachment();
            if (exchange.receive(scratch)) {
                latencies[answered++] = time.nanos() - exchange.intended();
                idle.addLast(exchange);
                finished++;
            }
        }
        selector.selectedKeys().clear();
        return finished;
    }

    private int send(int total, long start, long step) throws IOException {
        int before = sent;
        long now = time.nanos();
        while (sent < total && now - (start + sent * step) >= 0) {
            Exchange exchange = idle.pollFirst();
            if (exchange == null) {
                starved = true;
                return sent - before;
            }
            long intended = start + sent * step;
            exchange.send(intended);
            sent++;
            now = time.nanos();
            if (!starved) {
                generator[onTime++] = now - intended;
            }
        }
        starved = false;
        return sent - before;
    }
}
