package com.foobar.appserver.container;

import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.Visit;
import com.foobar.kernel.lifecycle.Readiness;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.time.Time;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Every request of an application server, whichever way it came: who asks, and which application it is for. */
final class Reception extends Handler.Abstract {
    private static final String CHECK = "foobar-check";
    private static final String SERVED_BY = "X-Served-By";

    private final String name;
    private final Switchboard switchboard;
    private final AppMetrics metrics;
    private final Journal<Access> journal;
    private final RequestHook hook;
    private final Time time;
    private final BooleanSupplier crowded;
    private final Supplier<Readiness> readiness;
    private volatile Ways ways;

    /** What a reload may change. */
    record Ways(Trust trust, boolean expose) {}

    Reception(
            String name,
            Ways ways,
            Switchboard switchboard,
            AppMetrics metrics,
            Journal<Access> journal,
            RequestHook hook,
            Time time,
            BooleanSupplier crowded,
            Supplier<Readiness> readiness) {
        super(InvocationType.BLOCKING);
        this.name = name;
        this.ways = ways;
        this.switchboard = switchboard;
        this.metrics = metrics;
        this.journal = journal;
        this.hook = hook;
        this.time = time;
        this.crowded = crowded;
        this.readiness = readiness;
    }

    void replace(Ways changed) {
        ways = changed;
    }

    Trust trust() {
        return ways.trust;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getConnectionMetaData() instanceof DirectConnection direct) {
            Stay stay = new Stay(direct.visit(), request, response, this);
            if (isCheck(request) && trust().trusts(direct.peer())) {
                answerCheck(response, callback);
                return true;
            }
            direct.accompany(stay);
            pass(stay, callback);
            return true;
        }
        if (request.getConnectionMetaData().getConnector() instanceof Rehearsal rehearsal) {
            return rehearsal.pass(request, response, callback);
        }
        Trust trust = trust();
        if (isCheck(request) && trust.trusts(Introduced.peer(request))) {
            answerCheck(response, callback);
            return true;
        }
        Visit visit = Introduced.visit(request, trust, time.nanos());
        Introduced introduced = new Introduced(request, visit);
        Stay stay = new Stay(visit, introduced, response, this);
        request.addHttpStreamWrapper(stream -> new Accompanied(stream, stay));
        pass(stay, callback);
        return true;
    }

    private void pass(Stay stay, Callback callback) {
        Request request = stay.request;
        request.setAttribute(Stay.ATTRIBUTE, stay);
        metrics.arrived();
        try {
            stay.begin(hook);
            Application application = admitted(stay);
            if (application == null) {
                refuse(stay, callback);
            } else if (!application.handler().handle(request, stay.response, callback)) {
                stay.because("not-found");
                Answers.plain(stay, 404, callback);
            }
        } catch (Throwable failed) {
            // What Jetty would do with it anyway, but for its wish to know whether the request was handled.
            callback.failed(failed);
        }
    }

    /** A request may find an application just before it is replaced and come just after: then it looks again. */
    private @Nullable Application admitted(Stay stay) {
        if (crowded.getAsBoolean()) {
            stay.because("server-full");
            return null;
        }
        while (true) {
            Application found = switchboard.find(path(stay.request));
            if (found == null) {
                stay.because("no-application");
                return null;
            }
            switch (found.enter()) {
                case INSIDE -> {
                    stay.inside(found);
                    return found;
                }
                case FULL -> {
                    stay.because("application-full");
                    metrics.refused(name, found.name());
                    return null;
                }
                case GONE -> Thread.onSpinWait();
            }
        }
    }

    private static String path(Request request) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getCanonicalPath();
        return path == null ? "/" : path;
    }

    private static void refuse(Stay stay, Callback callback) {
        boolean full = stay.reason().endsWith("-full");
        if (full) {
            stay.response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        Answers.plain(stay, full ? 503 : 404, callback);
    }

    private static boolean isCheck(Request request) {
        String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
        return agent != null && agent.startsWith(CHECK);
    }

    /** A check asks for this server, whichever of its applications the path would lead to. */
    private void answerCheck(Response response, Callback callback) {
        Readiness now = readiness.get();
        response.setStatus(now.ready() ? 200 : 503);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        String text = now.ready() ? "ready\n" : now.reason() + "\n";
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    }

    void sign(HttpFields.Mutable fields) {
        if (ways.expose) {
            fields.put(SERVED_BY, name);
        }
    }

    boolean believes(InetAddress peer) {
        return trust().trusts(peer);
    }

    void ended(Stay stay, @Nullable Throwable failure) {
        metrics.left();
        Application application = stay.application();
        int status = stay.status();
        long nanos = time.nanos() - stay.visit.begun();
        String of = application == null ? "" : application.name();
        metrics.served(name, of, status, nanos);
        String reason = failure != null ? "failed" : stay.reason().isEmpty() ? "application" : stay.reason();
        HttpURI uri = stay.request.getHttpURI();
        String target = uri.getPathQuery();
        journal.offer(new Access(
                time.instant(),
                "app",
                name,
                stay.visit,
                stay.request.getMethod(),
                target == null ? "" : target,
                stay.request.getConnectionMetaData().getProtocol(),
                stay.visit.from().scheme(),
                status,
                Response.getContentBytesWritten(stay.response),
                nanos,
                null,
                reason));
    }

    /** Lets a stay know of the two moments of a request that came over a socket; the direct way tells by itself. */
    private static final class Accompanied extends HttpStream.Wrapper {
        private final Stay stay;

        Accompanied(HttpStream stream, Stay stay) {
            super(stream);
            this.stay = stay;
        }

        @Override
        public void prepareResponse(HttpFields.Mutable headers) {
            stay.committing(headers);
            super.prepareResponse(headers);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            stay.send(
                    response,
                    last,
                    content,
                    callback,
                    (head, finishes, bytes, then) -> super.send(request, head, finishes, bytes, then));
        }

        @Override
        public void succeeded() {
            stay.ended(null);
            super.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            stay.ended(failure);
            super.failed(failure);
        }
    }
}
