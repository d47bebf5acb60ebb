package com.foobar.appserver.container;

import com.foobar.http.tier.Visit;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request while it is in this tier: who asks, in which application it is, and who accompanies it. */
final class Stay implements RequestHook.Arriving {
    /** Where a request carries it. */
    static final String ATTRIBUTE = Stay.class.getName();

    final Visit visit;
    final Request request;
    final Response response;
    private final Reception reception;
    private final AtomicBoolean over = new AtomicBoolean();
    private RequestHook.Companion companion = new RequestHook.Companion() {};
    private @Nullable Application application;
    private String reason = "";
    private volatile @Nullable Withheld withheld;
    private volatile boolean replaced;

    /** What is sent: a head and bytes. */
    interface Sending {
        void send(MetaData.@Nullable Response response, boolean last, @Nullable ByteBuffer content, Callback callback);
    }

    Stay(Visit visit, Request request, Response response, Reception reception) {
        this.visit = visit;
        this.request = request;
        this.response = response;
        this.reception = reception;
    }

    static @Nullable Stay of(@Nullable Request request) {
        return request != null && request.getAttribute(ATTRIBUTE) instanceof Stay stay ? stay : null;
    }

    void begin(RequestHook hook) {
        companion = hook.begin(this);
    }

    void inside(Application one) {
        application = one;
    }

    @Nullable
    Application application() {
        return application;
    }

    /** Who ended it and why, in a word, where it was not the application. */
    void because(String why) {
        reason = why;
    }

    String reason() {
        return reason;
    }

    RequestHook.Companion companion() {
        return companion;
    }

    /** The last chance to change the head of the answer. Under a lock of Jetty's. */
    void committing(HttpFields.Mutable fields) {
        companion.committing(cookie -> fields.add(HttpHeader.SET_COOKIE, cookie));
        reception.sign(fields);
    }

    /** Sends what the application answers, or what takes its place and then nothing more. */
    void send(
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback,
            Sending sending) {
        if (response != null) {
            Withheld noticed = Withheld.taken();
            if (noticed != null) {
                withheld = noticed;
            }
        }
        Withheld instead = withheld;
        if (replaced) {
            callback.succeeded();
        } else if (instead == null || response == null || HttpStatus.isInterim(response.getStatus())) {
            sending.send(response, last, content, callback);
        } else {
            replaced = true;
            reason = instead.reason();
            ByteBuffer body = instead.body(visit.id());
            HttpFields.Mutable fields = HttpFields.build();
            committing(fields);
            sending.send(instead.instead(response, fields, body.remaining()), true, body, callback);
        }
    }

    /** What the client was told. */
    int status() {
        Withheld instead = withheld;
        return replaced && instead != null ? instead.status() : response.getStatus();
    }

    /** The answer has left, or never will. */
    void ended(@Nullable Throwable failure) {
        if (over.compareAndSet(false, true)) {
            Application one = application;
            if (one != null) {
                one.leave();
            }
            try {
                companion.end();
            } finally {
                reception.ended(this, failure);
            }
        }
    }

    @Override
    public String requestId() {
        return visit.id();
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public boolean secure() {
        return visit.from().scheme().equals("https");
    }

    @Override
    public @Nullable String cookie(String name) {
        if (!request.getHeaders().contains(HttpHeader.COOKIE)) {
            return null;
        }
        for (HttpCookie one : Request.getCookies(request)) {
            if (one.getName().equals(name)) {
                return one.getValue();
            }
        }
        return null;
    }
}
