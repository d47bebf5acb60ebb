package com.foobar.appserver.deploy;

import com.foobar.appserver.container.Application;
import com.foobar.appserver.container.Container;
import com.foobar.appserver.container.Detection;
import com.foobar.appserver.container.WarScan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of one version. Whether it succeeded, failed or took too long is decided once; what comes later is undone: a start
 * that was given up may still finish, on its own thread, when nobody waits for it.
 */
final class Attempt implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);
    private static final int SHOWN_FRAMES = 3;

    private final String name;
    private final Plan.Seen seen;
    private final Path place;
    private final Container container;
    private final ApplicationSettings settings;
    private final DeploySettings limits;
    private final Ending ending;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    /** Hears once how it went. */
    interface Ending {
        void started(Application application, Path root, String because);

        void failed(String why, @Nullable Throwable cause);
    }

    Attempt(
            String name,
            Plan.Seen seen,
            Path place,
            Container container,
            ApplicationSettings settings,
            DeploySettings limits,
            Ending ending) {
        this.name = name;
        this.seen = seen;
        this.place = place;
        this.container = container;
        this.settings = settings;
        this.limits = limits;
        this.ending = ending;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        boolean kept = false;
        try {
            Path root = place.resolve("root");
            new Unpacking(limits.unpacked()).copy(seen, root);
            Detection.Facts facts = WarScan.read(root);
            Detection.Decision decision = Detection.decide(settings.generation().orElse(null), facts);
            Container.Start start = new Container.Start(
                    name,
                    Plan.contextPath(name),
                    decision.generation(),
                    facts.webSocket(),
                    root,
                    place.resolve("work"),
                    settings.requests().orElse(limits.requests()));
            Application application = container.begin(start);
            kept = checked(application, decision.because());
        } catch (Throwable failed) {
            // Also errors: they are the application's, and end its start, not ours.
            if (decided.compareAndSet(false, true)) {
                ending.failed(reason(failed), failed);
            }
        } finally {
            if (!kept) {
                Unpacking.remove(place);
            }
            over.countDown();
        }
    }

    private boolean checked(Application application, String because) throws Exception {
        String problem = settings.ready().isPresent()
                ? rehearsed(application, settings.ready().get())
                : "";
        if (problem.isEmpty() && decided.compareAndSet(false, true)) {
            ending.started(application, place, because);
            return true;
        }
        application.retire(Duration.ZERO);
        if (!problem.isEmpty() && decided.compareAndSet(false, true)) {
            ending.failed(problem, null);
        }
        return false;
    }

    private String rehearsed(Application application, String path) throws Exception {
        String prefix = application.contextPath().equals("/") ? "" : application.contextPath();
        int status = container.rehearse(application, prefix + path, limits.start());
        boolean well = status >= 200 && status < 400;
        return well ? "" : "it started, but answered " + path + " with " + (status == 0 ? "nothing" : status);
    }

    /** After the time a start may take: it is given up, and its thread is asked to end. */
    void giveUp() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        Thread busy = thread;
        StringBuilder where = new StringBuilder();
        if (busy != null) {
            StackTraceElement[] frames = busy.getStackTrace();
            for (int i = 0; i < Math.min(SHOWN_FRAMES, frames.length); i++) {
                where.append(i == 0 ? ": it is in " : ", called by ").append(frames[i]);
            }
            busy.interrupt();
        }
        log.debug("{} is given up", name);
        ending.failed("it did not start within " + limits.start().toSeconds() + " s" + where, null);
    }

    /** For the end of the process. */
    void cancel() {
        decided.set(true);
        Thread busy = thread;
        if (busy != null) {
            busy.interrupt();
        }
    }

    CountDownLatch over() {
        return over;
    }

    /** Ours say themselves what is wrong; of others the innermost cause does, around which there is much of Jetty's. */
    private static String reason(Throwable failed) {
        if (failed instanceof IOException && failed.getMessage() != null) {
            return failed.getMessage();
        }
        Throwable cause = failed;
        for (int depth = 0; depth < 20 && cause.getCause() != null && cause.getCause() != cause; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return cause.getClass().getName() + (message == null ? "" : ": " + message);
    }
}
