package com.foobar.http.transport;

import com.foobar.http.pool.Load;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One connection to a backend and the attempt it is busy with, if any. Reading is switched on once and stays on, idle or busy:
 * so a close by the peer is noticed at once and no request pays for switching. All of it runs on the I/O thread of its lane.
 */
final class Leg extends Watched {
    private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true);

    final Lane lane;
    final ClientWatch clientWatch = new ClientWatch(this::clientGone);
    private final IdleLegs home;
    private final Upload upload = new Upload(this);
    private final Download download = new Download(this);

    private @Nullable StreamConnection connection;
    private @Nullable IoFuture<StreamConnection> connecting;
    private @Nullable HttpServerExchange exchange;
    private @Nullable Errand errand;
    private @Nullable ByteBuffer in;
    private @Nullable Load load;

    /** The attempt. */
    Phase phase = Phase.NOT_CONNECTED;

    int status;
    long sent;
    long received;
    long lastByte;
    private boolean reused;
    private long began;
    private long connected;
    private long firstByte;

    long idleSince;

    Leg(IdleLegs home) {
        this.home = home;
        this.lane = home.lane;
    }

    private void begin(HttpServerExchange forWhom, Errand what) {
        exchange = forWhom;
        errand = what;
        phase = Phase.NOT_CONNECTED;
        status = 0;
        sent = 0;
        received = 0;
        firstByte = 0;
        began = lane.time.nanos();
        connected = began;
        lastByte = began;
        lane.watch(this);
    }

    void connect(HttpServerExchange forWhom, Errand what, Resolver resolver) {
        begin(forWhom, what);
        clientWatch.begin(forWhom);
        resolver.resolve(home.address, lane.thread, this::connect);
    }

    private void connect(@Nullable InetSocketAddress socket) {
        if (errand == null) {
            return; // it was given up while the name was looked up
        }
        if (socket == null) {
            fail(Cause.REFUSED, "no address for " + home.address.host());
            return;
        }
        IoFuture<StreamConnection> future = lane.thread.openStreamConnection(socket, this::connected, OPTIONS);
        connecting = future;
        future.addNotifier(
                new IoFuture.HandlingNotifier<StreamConnection, Leg>() {
                    @Override
                    public void handleFailed(IOException why, Leg leg) {
                        // The notifier may run before this method returns; the errand must not end inside its own send.
                        lane.thread.execute(() -> leg.refused(future, why));
                    }
                },
                this);
    }

    private void refused(IoFuture<StreamConnection> which, IOException why) {
        if (connecting == which && errand != null) {
            connecting = null;
            fail(Cause.REFUSED, String.valueOf(why.getMessage()));
        }
    }

    private void connected(StreamConnection fresh) {
        connecting = null;
        Errand one = errand;
        if (one == null) {
            IoUtils.safeClose(fresh);
            return;
        }
        connection = fresh;
        fresh.getSourceChannel().setReadListener(this::readable);
        fresh.getSinkChannel().setWriteListener(upload::backendWritable);
        fresh.getSourceChannel().resumeReads();
        one.load().connectionOpened();
        load = one.load();
        connected = lane.time.nanos();
        lastByte = connected;
        reused = false;
        sendRequest();
    }

    void reuse(HttpServerExchange forWhom, Errand what) {
        begin(forWhom, what);
        clientWatch.begin(forWhom);
        reused = true;
        sendRequest();
    }

    private void sendRequest() {
        phase = Phase.CONNECTED;
        HttpServerExchange one = exchange();
        ByteBuffer out = lane.takeBuffer();
        if (!lane.requestHead.write(one, out)) {
            lane.giveBuffer(out);
            // The connection is as good as before, but this happens too seldom to be clever about it.
            fail(Cause.REQUEST_UNFIT, "the request's head is too long or cannot be written in HTTP/1.1");
            return;
        }
        upload.begin(one, out);
    }

    HttpServerExchange exchange() {
        HttpServerExchange one = exchange;
        if (one == null) {
            throw new IllegalStateException("no request on this connection");
        }
        return one;
    }

    Errand errand() {
        Errand one = errand;
        if (one == null) {
            throw new IllegalStateException("no request on this connection");
        }
        return one;
    }

    boolean busy() {
        return errand != null;
    }

    ConduitStreamSinkChannel sink() {
        return open().getSinkChannel();
    }

    ConduitStreamSourceChannel source() {
        return open().getSourceChannel();
    }

    private StreamConnection open() {
        StreamConnection one = connection;
        if (one == null) {
            throw new IllegalStateException("not connected");
        }
        return one;
    }

    boolean uploaded() {
        return upload.finished();
    }

    /** Something came from the backend, or it closed. */
    private void readable(ConduitStreamSourceChannel source) {
        if (errand == null) {
            home.remove(this);
            close();
        } else if (phase.passedOn()) {
            download.backendReadable();
        } else {
            readHead(source);
        }
    }

    private void readHead(ConduitStreamSourceChannel source) {
        ByteBuffer buffer = in;
        if (buffer == null) {
            buffer = lane.takeBuffer();
            in = buffer;
        }
        int n;
        try {
            n = source.read(buffer);
        } catch (IOException broken) {
            fail(Cause.RESET, String.valueOf(broken.getMessage()));
            return;
        }
        if (n < 0) {
            fail(Cause.RESET, received == 0 ? "closed without an answer" : "closed within the head of the answer");
            return;
        }
        if (n > 0) {
            lastByte = lane.time.nanos();
            if (firstByte == 0) {
                firstByte = lastByte;
            }
            received += n;
            buffer.flip();
            heads(buffer);
        } else if (buffer.position() == 0) {
            dropIn();
        }
    }

    /** Reads heads until there is a final one or no more bytes. */
    private void heads(ByteBuffer buffer) {
        while (true) {
            int length = buffer.remaining();
            buffer.get(buffer.position(), lane.scratch, 0, length);
            int result = lane.responseHead.parse(lane.scratch, length);
            if (result == ResponseHead.GARBAGE) {
                fail(Cause.GARBAGE, lane.responseHead.complaint);
                return;
            }
            if (result == ResponseHead.INCOMPLETE) {
                if (length >= ResponseHead.MAX_BYTES) {
                    fail(Cause.GARBAGE, "a head of more than " + ResponseHead.MAX_BYTES + " bytes");
                    return;
                }
                buffer.compact();
                if (buffer.position() == 0) {
                    dropIn();
                }
                return;
            }
            buffer.position(buffer.position() + result);
            status = lane.responseHead.status;
            if (status >= 200 || status == 101) {
                in = null;
                answer(buffer);
                return;
            }
            if (status == 100) {
                upload.continued();
                if (errand == null) {
                    return;
                }
            }
        }
    }

    private void answer(ByteBuffer rest) {
        ResponseHead head = lane.responseHead;
        HttpServerExchange one = exchange();
        if (status == 101) {
            if (!head.switches() || !RequestHead.upgrades(one)) {
                lane.giveBuffer(rest);
                fail(Cause.GARBAGE, "an unasked change of protocol");
                return;
            }
            switchOver(one, rest);
            return;
        }
        phase = Phase.RESPONSE_HEAD;
        one.setStatusCode(status);
        head.passOn(one.getResponseHeaders());
        errand().answered(one);
        if (!upload.finished()) {
            // The client cannot be told to stop sending, except by the connection's end after the answer.
            one.setPersistent(false);
        }
        HttpString method = one.getRequestMethod();
        download.begin(one, head, method, rest);
    }

    private void switchOver(HttpServerExchange one, ByteBuffer rest) {
        Errand what = errand();
        lane.responseHead.passOn(one.getResponseHeaders());
        what.answered(one);
        phase = Phase.RESPONSE_PARTLY_PASSED_ON;
        lane.unwatch(this);
        clientWatch.end();
        Tunnel tunnel = new Tunnel(this, open(), what.patience().tunnel());
        tunnel.keep(rest);
        one.upgradeChannel(tunnel);
        one.endExchange();
    }

    /** The tunnel is done; it has closed both connections. */
    void tunnelled(long up, long down, Cause cause, String detail) {
        sent += up;
        received += down;
        if (cause == Cause.NONE) {
            phase = Phase.DONE;
        }
        end(cause, detail, false);
    }

    /** The response is complete and flushed. */
    void done(boolean clean) {
        phase = Phase.DONE;
        HttpServerExchange one = exchange();
        boolean uploaded = upload.finished();
        clientWatch.forget();
        end(Cause.NONE, "", clean && uploaded);
        if (!uploaded) {
            one.endExchange();
        }
    }

    private void clientGone() {
        if (errand != null) {
            breakFront(Cause.CLIENT_GONE, "the client closed its connection");
        }
    }

    /** The attempt is lost. */
    void fail(Cause cause, String detail) {
        if (phase.passedOn()) {
            breakFront(cause, detail);
            return;
        }
        clientWatch.end();
        exchange().setStatusCode(200);
        end(cause, detail, false);
    }

    /** The client must see that the message is broken, or is gone itself. */
    void breakFront(Cause cause, String detail) {
        HttpServerExchange one = exchange();
        clientWatch.forget();
        end(cause, detail, false, () -> Front.abort(one));
    }

    private void end(Cause cause, String detail, boolean reusable) {
        end(cause, detail, reusable, null);
    }

    private void end(Cause cause, String detail, boolean reusable, @Nullable Runnable before) {
        Errand one = errand();
        long now = lane.time.nanos();
        Outcome outcome = new Outcome(
                phase,
                cause,
                status,
                connected - began,
                firstByte == 0 ? 0 : firstByte - began,
                now - began,
                sent,
                received,
                reused,
                upload.touched(),
                detail);
        errand = null;
        exchange = null;
        lane.unwatch(this);
        upload.end();
        download.end();
        dropIn();
        if (reusable) {
            // Back pressure may have switched reading off; an idle connection must notice its end. Usually this does
            // nothing.
            source().resumeReads();
            home.give(this, now);
        } else {
            close();
        }
        if (before != null) {
            before.run();
        }
        one.ended(outcome);
    }

    private void dropIn() {
        ByteBuffer buffer = in;
        if (buffer != null) {
            in = null;
            lane.giveBuffer(buffer);
        }
    }

    /** Nothing to read and not closed, as it should be before a request that may be sent only once. */
    boolean quiet() {
        ByteBuffer probe = lane.takeBuffer();
        try {
            return source().read(probe) == 0;
        } catch (IOException broken) {
            return false;
        } finally {
            lane.giveBuffer(probe);
        }
    }

    void close() {
        IoFuture<StreamConnection> future = connecting;
        if (future != null) {
            connecting = null;
            future.cancel();
        }
        StreamConnection one = connection;
        if (one != null) {
            connection = null;
            IoUtils.safeClose(one);
            if (load != null) {
                load.connectionClosed();
            }
        }
    }

    @Override
    void check(long now) {
        Errand one = errand;
        if (one == null) {
            return;
        }
        Patience patience = one.patience();
        if (now - one.deadlineNanos() >= 0) {
            fail(Cause.DEADLINE, "the time of the whole request was over");
        } else if (phase == Phase.NOT_CONNECTED) {
            if (now - began >= patience.connect().toNanos()) {
                fail(Cause.CONNECT_TIMEOUT, "no connection within " + patience.connect());
            }
        } else if (phase.passedOn()) {
            if (now - lastByte >= patience.idle().toNanos()) {
                boolean client = download.blocked();
                fail(client ? Cause.CLIENT_STALLED : Cause.TIMEOUT, "no byte of the body within " + patience.idle());
            }
        } else if (!upload.finished()) {
            if (now - lastByte >= patience.idle().toNanos()) {
                fail(
                        upload.blocked() ? Cause.TIMEOUT : Cause.CLIENT_STALLED,
                        "no byte of the request within " + patience.idle());
            }
        } else if (now - lastByte >= patience.head().toNanos()) {
            fail(Cause.TIMEOUT, "no answer within " + patience.head());
        }
    }
}
