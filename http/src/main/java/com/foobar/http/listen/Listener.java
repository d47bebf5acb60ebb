package com.foobar.http.listen;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.port.BindFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.conduits.StreamSinkConduit;

/**
 * One address that takes connections. Bound first and opened later: until {@link #open()} the port is held, and who connects
 * is refused at once instead of waiting in a queue. Calls come from the role's thread; connections live on the I/O threads.
 */
public final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private static final int BACKLOG = 1000;
    private static final long MOST_LINGER_BYTES = 64 * 1024;

    private final XnioWorker worker;
    private final Admission admission;
    private final Door door;
    private final InetSocketAddress address;

    /** Written by the role's thread, read by the I/O threads once for each connection. */
    private volatile Face face;

    private @Nullable SocketChannel reservation;
    private @Nullable AcceptingChannel<StreamConnection> server;

    /** What is spoken here. */
    private record Face(Binding binding, @Nullable TlsEdge tls) {}

    Listener(Binding binding, XnioWorker worker, Admission admission, Door door) throws StartFailure {
        this.worker = worker;
        this.admission = admission;
        this.door = door;
        this.face = faceOf(binding);
        try {
            this.address = reserve(binding.address());
        } catch (IOException e) {
            throw BindFailure.of(binding.address(), binding.key(), e);
        }
    }

    private Face faceOf(Binding binding) {
        Tls settings = binding.tls();
        return new Face(
                binding, settings == null ? null : new TlsEdge(door, worker.getXnio(), settings, binding.http2()));
    }

    /** The configuration key that named it. */
    public String key() {
        return face.binding.key();
    }

    /**
     * Speaks as another binding of the same address says, to those who connect from now on; those who are inside go on as they
     * began. The port is never let go, so that two listeners can change places.
     */
    public void become(Binding other) {
        if (!other.address().equals(face.binding.address()) && !other.address().equals(address)) {
            throw new IllegalArgumentException("a listener on " + address + " cannot move to " + other.address());
        }
        face = faceOf(other);
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return address;
    }

    void limits(Limits next) {
        door.limits(next);
    }

    public int openConnections() {
        return door.open();
    }

    /** Begins to take connections. */
    public void open() throws StartFailure {
        if (server != null) {
            throw new IllegalStateException("the listener of " + key() + " is open already");
        }
        try {
            AcceptingChannel<StreamConnection> opened = listen();
            server = opened;
            opened.resumeAccepts();
        } catch (IOException e) {
            throw BindFailure.of(address, key(), e);
        } finally {
            IoUtils.safeClose(reservation);
            reservation = null;
        }
    }

    /** Refuses new connections; those that are open go on undisturbed. */
    public void refuseNew() {
        IoUtils.safeClose(reservation);
        reservation = null;
        IoUtils.safeClose(server);
        server = null;
    }

    /**
     * Begins a drain that nobody waits for: each open connection ends with its present answer, tunnels go on.
     *
     * @param ended told, on any thread, when nobody is inside any more; perhaps more than once
     */
    void retire(Runnable ended) {
        refuseNew();
        door.retire(ended);
    }

    /**
     * Refuses new connections and ends the open ones after their present answer ({@code Connection: close}, GOAWAY). Returns
     * true when all are gone; false when the patience ran out, and then those that stayed are still open.
     */
    public boolean drain(Duration patience) throws InterruptedException {
        refuseNew();
        door.drain();
        return door.awaitEmpty(patience);
    }

    /** Refuses new connections and cuts the open ones. */
    @Override
    public void close() {
        refuseNew();
        door.cut();
    }

    /**
     * Holds the port without listening on it, so that nobody connects to a service that is not ready. Linux lets a second socket
     * of ours listen beside a first that only holds the address; where that is not so, {@link #listen()} lets go first.
     */
    private InetSocketAddress reserve(InetSocketAddress wanted) throws IOException {
        SocketChannel holder = SocketChannel.open();
        try {
            holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            holder.bind(wanted);
            reservation = holder;
            return (InetSocketAddress) holder.getLocalAddress();
        } catch (IOException e) {
            IoUtils.safeClose(holder);
            throw e;
        }
    }

    private AcceptingChannel<StreamConnection> listen() throws IOException {
        try {
            return server();
        } catch (BindException e) {
            IoUtils.safeClose(reservation);
            return server();
        }
    }

    private AcceptingChannel<StreamConnection> server() throws IOException {
        OptionMap options = OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, worker.getIoThreadCount())
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BALANCING_TOKENS, 1)
                .set(Options.BALANCING_CONNECTIONS, 2)
                .set(Options.BACKLOG, BACKLOG)
                .getMap();
        return worker.createStreamConnectionServer(address, this::accept, options);
    }

    /** On the I/O thread that will own the connection. */
    private void accept(AcceptingChannel<StreamConnection> from) {
        try {
            for (StreamConnection next = from.accept(); next != null; next = from.accept()) {
                admit(next);
            }
        } catch (IOException e) {
            LOG.debug("the listener of {} stopped accepting: {}", key(), e.toString());
        }
    }

    private void admit(StreamConnection connection) {
        InetSocketAddress peer = connection.getPeerAddress(InetSocketAddress.class);
        if (peer == null || peer.getAddress() == null) {
            IoUtils.safeClose(connection);
            return;
        }
        door.counters().accepted();
        InetAddress client = peer.getAddress();
        Face now = face;
        Trust proxies = now.binding.proxyFrom();
        if (proxies != null && !proxies.trusts(client)) {
            door.counters().proxyRefused();
            IoUtils.safeClose(connection);
            return;
        }
        // A balancer in front brings everybody: its own address is not counted, those it reports are.
        boolean counted = proxies == null && !now.binding.bringers().trusts(client);
        boolean entered = counted ? admission.enter(client, door.limits()) : admission.enterBehindProxy(door.limits());
        if (!entered) {
            door.counters().refused(Fault.FULL);
            turnAway(connection, now.tls != null);
            return;
        }
        connection.setCloseListener(closed -> {
            if (counted) {
                admission.leave(client);
            } else {
                admission.leaveBehindProxy();
            }
        });
        door.entered(connection);
        if (door.retired()) {
            // Accepted while the port was being given up: nobody would look after it any more.
            IoUtils.safeClose(connection);
            return;
        }
        try {
            new Arrival(door, admission, now.binding, now.tls, connection).begin();
        } catch (RuntimeException e) {
            LOG.debug("a connection from {} was dropped before its first byte: {}", peer, e.toString());
            IoUtils.safeClose(connection);
        }
    }

    /** There is no place: says so where the client would understand it. */
    private void turnAway(StreamConnection connection, boolean secure) {
        if (secure) {
            IoUtils.safeClose(connection);
            return;
        }
        try {
            StreamSinkConduit sink = connection.getSinkChannel().getConduit();
            ByteBuffer page = door.pages().raw(Fault.FULL, RequestIds.next());
            sink.write(page);
            sink.terminateWrites();
            sink.flush();
            new Linger(
                            connection,
                            connection.getSourceChannel().getConduit(),
                            sink,
                            door.buffers(),
                            Duration.ofMillis(250),
                            MOST_LINGER_BYTES)
                    .begin();
        } catch (IOException e) {
            IoUtils.safeClose(connection);
        }
    }
}
