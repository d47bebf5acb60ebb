package com.foobar.appserver.deploy;

import com.foobar.appserver.container.Application;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known about the application of one name. Guarded by itself; nothing is waited for with the lock held. */
final class Deployment {
    private final String name;
    private final String contextPath;
    private @Nullable Application running;
    private @Nullable Attempt attempt;
    private String problem = "";
    private int version;
    private Instant since;

    Deployment(String name, Instant now) {
        this.name = name;
        this.contextPath = Plan.contextPath(name);
        this.since = now;
    }

    String contextPath() {
        return contextPath;
    }

    /** Its number, or null while another is under way. */
    synchronized @Nullable Integer begin(Attempt next, Instant now) {
        if (attempt != null) {
            return null;
        }
        attempt = next;
        since = now;
        return ++version;
    }

    synchronized void succeeded(Application application, Instant now) {
        attempt = null;
        running = application;
        problem = "";
        since = now;
    }

    synchronized void failed(String why, Instant now) {
        attempt = null;
        problem = why;
        since = now;
    }

    /** The attempt that is under way. */
    synchronized @Nullable Attempt attempt() {
        return attempt;
    }

    synchronized @Nullable Application running() {
        return running;
    }

    synchronized ApplicationState state() {
        ApplicationState.Status status;
        if (running == null) {
            status = attempt == null ? ApplicationState.Status.FAILED : ApplicationState.Status.STARTING;
        } else if (attempt != null) {
            status = ApplicationState.Status.UPDATING;
        } else {
            status = problem.isEmpty() ? ApplicationState.Status.RUNNING : ApplicationState.Status.OUTDATED;
        }
        Application now = running;
        return new ApplicationState(
                name,
                contextPath,
                status,
                version,
                now == null ? "" : now.generation().word(),
                problem,
                since,
                now == null ? 0 : now.inFlight());
    }
}
