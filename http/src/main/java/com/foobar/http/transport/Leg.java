package com.foobar.http.transport;

import com.foobar.http.pool.Load;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One connection to a backend and the attempt it is busy with, if any. Reading is switched on once and stays on, idle or busy:
 * so a close by the peer is noticed at once and no request pays for switching. All of it runs on the I/O thread of its lane.
 */
final class Leg extends Watched {
    /** A backend that says 1xx for ever would otherwise be listened to for ever. */
    private static final int MOST_INTERIM = 32;

    final Lane lane;
    final ClientWatch clientWatch = new ClientWatch(this::clientGone);
    private final IdleLegs home;
    private final Upload upload = new Upload(this);
    private final Download download = new Download(this);

    private @Nullable StreamConnection connection;
    private @Nullable Dial dial;
    private @Nullable HttpServerExchange exchange;
    private @Nullable Errand errand;
    private @Nullable ByteBuffer in;
    private @Nullable Load load;

    final Progress progress = new Progress();

    /** Whether what it began with binds it to its first request. */
    private boolean single;

    private int interim;

    long idleSince;

    Leg(IdleLegs home) {
        this.home = home;
        this.lane = home.lane;
    }

    private void begin(HttpServerExchange forWhom, Errand what) {
        exchange = forWhom;
        errand = what;
        interim = 0;
        progress.begin(lane.time.nanos());
        lane.watch(this);
    }

    void connect(HttpServerExchange forWhom, Errand what, Resolver resolver) {
        begin(forWhom, what);
        clientWatch.begin(forWhom);
        dial = new Dial(this, home);
        dial.begin(resolver);
    }

    void refused(String why) {
        fail(Cause.REFUSED, why);
    }

    void connected(StreamConnection fresh) {
        Errand one = errand();
        dial = null;
        connection = fresh;
        fresh.getSourceChannel().setReadListener(this::readable);
        fresh.getSinkChannel().setWriteListener(upload::backendWritable);
        fresh.getSourceChannel().resumeReads();
        one.load().connectionOpened();
        load = one.load();
        progress.connected(lane.time.nanos());
        byte[] preamble = one.preamble();
        single = preamble != null;
        sendRequest(preamble);
    }

    void reuse(HttpServerExchange forWhom, Errand what) {
        begin(forWhom, what);
        clientWatch.begin(forWhom);
        sendRequest(null);
    }

    private void sendRequest(byte @Nullable [] preamble) {
        progress.phase = Phase.CONNECTED;
        HttpServerExchange one = exchange();
        ByteBuffer out = lane.takeBuffer();
        if (preamble != null) {
            out.put(preamble);
        }
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
        } else if (progress.phase.passedOn()) {
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
            fail(
                    Cause.RESET,
                    progress.received == 0 ? "closed without an answer" : "closed within the head of the answer");
            return;
        }
        if (n > 0) {
            progress.received(n, lane.time.nanos());
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
            progress.status = lane.responseHead.status;
            if (progress.status >= 200 || progress.status == 101) {
                in = null;
                answer(buffer);
                return;
            }
            if (++interim > MOST_INTERIM) {
                fail(Cause.GARBAGE, "more than " + MOST_INTERIM + " interim answers");
                return;
            }
            if (progress.status == 100) {
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
        if (progress.status == 101) {
            if (!head.switches() || !RequestHead.upgrades(one)) {
                lane.giveBuffer(rest);
                fail(Cause.GARBAGE, "an unasked change of protocol");
                return;
            }
            switchOver(one, rest);
            return;
        }
        progress.phase = Phase.RESPONSE_HEAD;
        one.setStatusCode(progress.status);
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
        progress.phase = Phase.RESPONSE_PARTLY_PASSED_ON;
        lane.unwatch(this);
        clientWatch.end();
        Tunnel tunnel = new Tunnel(this, open(), what.patience().tunnel());
        tunnel.keep(rest);
        one.upgradeChannel(tunnel);
        one.endExchange();
    }

    /** The tunnel is done; it has closed both connections. */
    void tunnelled(long up, long down, Cause cause, String detail) {
        progress.sent += up;
        progress.received += down;
        if (cause == Cause.NONE) {
            progress.phase = Phase.DONE;
        }
        end(cause, detail, false);
    }

    /** The response is complete and flushed. */
    void done(boolean clean) {
        progress.phase = Phase.DONE;
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
        if (progress.phase.passedOn()) {
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
        StreamSinkChannel response = download.channel();
        end(cause, detail, false, () -> Front.abort(one, response));
    }

    private void end(Cause cause, String detail, boolean reusable) {
        end(cause, detail, reusable, null);
    }

    private void end(Cause cause, String detail, boolean reusable, @Nullable Runnable before) {
        Errand one = errand();
        long now = lane.time.nanos();
        Outcome outcome = progress.outcome(cause, detail, now, upload.touched());
        errand = null;
        exchange = null;
        lane.unwatch(this);
        upload.end();
        download.end();
        dropIn();
        if (reusable && !single) {
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
        Dial unfinished = dial;
        if (unfinished != null) {
            dial = null;
            unfinished.giveUp();
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
        Cause cause = one == null ? null : progress.overdue(now, one, upload, download);
        if (one != null && cause != null) {
            Patience limits = one.patience();
            fail(
                    cause,
                    switch (cause) {
                        case DEADLINE -> "the time of the whole request was over";
                        case CONNECT_TIMEOUT -> "no connection within " + limits.connect();
                        default ->
                            progress.phase == Phase.REQUEST_SENT
                                    ? "no answer within " + limits.head()
                                    : "no byte within " + limits.idle();
                    });
        }
    }
}
