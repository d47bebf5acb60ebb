package com.foobar.http.listen;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.util.PooledAdaptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.PushBackStreamSourceConduit;

/**
 * The first bytes of a connection, before it is known what it speaks: a PROXY header where one is due, then TLS, or HTTP/2 by
 * prior knowledge, or HTTP/1. Runs on the connection's I/O thread, and only until the question is settled.
 */
final class Arrival implements ChannelListener<StreamSourceChannel>, Conversation, Runnable {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Door door;
    private final Admission admission;
    private final Binding binding;
    private final @Nullable TlsEdge tls;
    private StreamConnection connection;
    private boolean headerDue;
    private boolean spoke;
    private @Nullable PooledByteBuffer pooled;
    private XnioExecutor.@Nullable Key deadline;

    Arrival(Door door, Admission admission, Binding binding, @Nullable TlsEdge tls, StreamConnection connection) {
        this.door = door;
        this.admission = admission;
        this.binding = binding;
        this.tls = tls;
        this.connection = connection;
        this.headerDue = binding.proxyFrom() != null;
    }

    void begin() {
        if (headerDue || (tls == null && binding.http2())) {
            pooled = door.buffers().allocate();
            connection.setCloseListener(closed -> end());
            door.arriving(this);
            deadline = Door.after(
                    connection,
                    headerDue ? door.limits().arrival() : door.limits().idle(),
                    this);
            if (door.draining()) {
                IoUtils.safeClose(connection);
                return;
            }
            connection.getSourceChannel().setReadListener(this);
            handleEvent(connection.getSourceChannel());
        } else if (tls != null) {
            tls.begin(connection);
        } else {
            door.http1(connection, null);
        }
    }

    @Override
    public void handleEvent(StreamSourceChannel source) {
        PooledByteBuffer own = pooled;
        if (own == null) {
            return;
        }
        try {
            ByteBuffer bytes = own.getBuffer();
            int count = source.read(bytes);
            if (count < 0) {
                IoUtils.safeClose(connection);
                return;
            }
            if (count == 0) {
                source.resumeReads();
                return;
            }
            bytes.flip();
            if (!settled(bytes)) {
                bytes.compact();
                // Not the channel of this event: a PROXY header may have put another one in its place.
                connection.getSourceChannel().resumeReads();
            }
        } catch (IOException e) {
            IoUtils.safeClose(connection);
        }
    }

    /** Whether the bytes told what comes, and it has begun (or the connection is closed). */
    private boolean settled(ByteBuffer bytes) {
        if (headerDue) {
            ProxyHeader header = ProxyHeader.read(bytes);
            if (header.state() == ProxyHeader.State.PARTIAL) {
                return false;
            }
            if (header.state() == ProxyHeader.State.MALFORMED) {
                door.counters().proxyRefused();
                IoUtils.safeClose(connection);
                return true;
            }
            headerDue = false;
            bytes.position(bytes.position() + header.size());
            if (!report(header)) {
                return true;
            }
            if (tls != null) {
                pushBack(hand());
                tls.begin(connection);
                return true;
            }
            bytes.compact().flip();
        }
        if (!binding.http2()) {
            speakHttp1();
            return true;
        }
        return recognise(bytes);
    }

    private boolean recognise(ByteBuffer bytes) {
        int size = Math.min(bytes.remaining(), PREFACE.length);
        for (int i = 0; i < size; i++) {
            if (bytes.get(i) != PREFACE[i]) {
                speakHttp1();
                return true;
            }
        }
        if (size == PREFACE.length) {
            StreamConnection speaking = connection;
            speaking.getSourceChannel().setReadListener(null);
            door.http2(speaking, hand());
            return true;
        }
        if (size > 0 && !spoke) {
            spoke = true;
            Door.cancel(deadline);
            deadline = Door.after(connection, door.limits().head(), this);
        }
        return false;
    }

    private void speakHttp1() {
        PooledByteBuffer own = hand();
        if (own.getBuffer().hasRemaining()) {
            door.http1(connection, own);
        } else {
            own.close();
            door.http1(connection, null);
        }
    }

    /** From here on the connection is from whom the header names, and counts as theirs. */
    private boolean report(ProxyHeader header) {
        InetSocketAddress source = header.source();
        InetSocketAddress destination = header.destination();
        if (source == null || destination == null) {
            return true;
        }
        InetAddress client = source.getAddress();
        if (!admission.enterAs(client, door.limits())) {
            door.counters().refused(Fault.FULL);
            IoUtils.safeClose(connection);
            return false;
        }
        connection.setCloseListener(closed -> admission.leaveAs(client));
        connection = new ReportedConnection(connection, source, destination);
        // It took the conduit with it, and so what becomes readable from here on is told to it alone.
        connection.getSourceChannel().setReadListener(this);
        return true;
    }

    private void pushBack(PooledByteBuffer own) {
        if (!own.getBuffer().hasRemaining()) {
            own.close();
            return;
        }
        PushBackStreamSourceConduit conduit =
                new PushBackStreamSourceConduit(connection.getSourceChannel().getConduit());
        conduit.pushBack(new PooledAdaptor(own));
        connection.getSourceChannel().setConduit(conduit);
    }

    /** Gives the buffer, and with it the connection, to the next. */
    private PooledByteBuffer hand() {
        PooledByteBuffer own = pooled;
        if (own == null) {
            throw new IllegalStateException("the first bytes were handed on already");
        }
        pooled = null;
        Door.cancel(deadline);
        deadline = null;
        door.arrived(this);
        return own;
    }

    /** Nothing was asked yet, so nothing is owed. */
    @Override
    public void finish() {
        cut();
    }

    @Override
    public void cut() {
        StreamConnection arriving = connection;
        Door.onThread(arriving, () -> {
            if (pooled != null) {
                IoUtils.safeClose(arriving);
            }
        });
    }

    private void end() {
        door.arrived(this);
        Door.cancel(deadline);
        deadline = null;
        PooledByteBuffer own = pooled;
        pooled = null;
        if (own != null) {
            own.close();
        }
    }

    @Override
    public void run() {
        deadline = null;
        if (headerDue) {
            door.counters().proxyRefused();
        } else {
            door.counters().idleClosed();
        }
        IoUtils.safeClose(connection);
    }
}
