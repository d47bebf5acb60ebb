package com.foobar.bench;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.RawHttp;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A contender that has been started. */
record Running(Contender contender, Child child, Ports ports) {

    private static final int OK = 200;

    /** Until it passes a request on to a backend. Whoever does not is ended, or it would disturb the others all along. */
    void awaitReady(Duration patience) throws LoadFailure {
        try {
            Await.until(name() + " answers 200", patience, () -> !child.isAlive() || answers());
        } catch (AssertionError notReady) {
            child.kill();
            throw new LoadFailure(
                    "not ready after " + patience.toSeconds() + " s\nit said:\n" + child.output(), notReady);
        }
        if (!child.isAlive()) {
            throw new LoadFailure("it ended before it was ready\nit said:\n" + child.output());
        }
    }

    String name() {
        return contender.name();
    }

    ProcessUsage usage() {
        return ProcessUsage.ofTree(child.pid());
    }

    private boolean answers() {
        try (RawHttp http = RawHttp.connect(ports.http())) {
            return http.patience(Duration.ofSeconds(2))
                            .sendLines("GET " + Backends.SMALL + " HTTP/1.1", "Host: " + Bed.SITE)
                            .response()
                            .status()
                    == OK;
        } catch (UncheckedIOException | AssertionError notYet) {
            return false;
        }
    }
}
