package com.foobar.appserver.deploy;

import com.foobar.appserver.container.Generation;
import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import java.util.Optional;

/** What is particular to one application. */
public record ApplicationSettings(
        @Doc("ee8 (javax), ee10 (Servlet 6.0) or ee11 (6.1), where what is found in the application is not right.")
                Optional<Generation> environment,
        @Doc("A path below the application's that must answer with 2xx or 3xx before a new version gets requests.")
                Optional<String> ready,
        @Doc("Requests in it at once, instead of the limit for all.") Optional<Integer> requests)
        implements Checked {
    static final ApplicationSettings USUAL =
            new ApplicationSettings(Optional.empty(), Optional.empty(), Optional.empty());

    Optional<Generation> generation() {
        return environment;
    }

    @Override
    public void check(Problems problems) {
        if (ready.isPresent() && !ready.get().startsWith("/")) {
            problems.error("ready", ready.get(), "a path that begins with /");
        }
        if (requests.isPresent() && requests.get() < 1) {
            problems.error("requests", String.valueOf(requests.get()), "at least 1");
        }
    }
}
