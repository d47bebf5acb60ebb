package com.foobar.bench;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.RawHttp;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A contender that has been started.
 *
 * @param children all that its work costs: nobody's database or files are among them
 */
record Running(Contender contender, List<Child> children, Ports ports) {

    private static final int OK = 200;

    Running {
        children = List.copyOf(children);
    }

    Running(Contender contender, Child child, Ports ports) {
        this(contender, List.of(child), ports);
    }

    /** Until it passes a request on to a backend. Whoever does not is ended, or it would disturb the others all along. */
    void awaitReady(Duration patience) throws LoadFailure {
        try {
            Await.until(name() + " answers 200", patience, () -> !isAlive() || answers());
        } catch (AssertionError notReady) {
            children.forEach(Child::kill);
            throw new LoadFailure("not ready after " + patience.toSeconds() + " s\nit said:\n" + output(), notReady);
        }
        if (!isAlive()) {
            children.forEach(Child::kill);
            throw new LoadFailure("it ended before it was ready\nit said:\n" + output());
        }
    }

    String name() {
        return contender.name();
    }

    ProcessUsage usage() {
        return children.stream()
                .map(child -> ProcessUsage.ofTree(child.pid()))
                .reduce(ProcessUsage.NONE, ProcessUsage::plus);
    }

    private boolean isAlive() {
        return children.stream().allMatch(Child::isAlive);
    }

    private String output() {
        return children.stream().map(Child::output).collect(Collectors.joining("\n"));
    }

    private boolean answers() {
        try (RawHttp http = RawHttp.connect(ports.http())) {
            return http.patience(Duration.ofSeconds(2))
                            .sendLines("GET " + contender.readyPath() + " HTTP/1.1", "Host: " + Bed.SITE)
                            .response()
                            .status()
                    == OK;
        } catch (UncheckedIOException | AssertionError notYet) {
            return false;
        }
    }
}
