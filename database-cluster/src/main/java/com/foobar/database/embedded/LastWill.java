package com.foobar.database.embedded;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a server as soon as this program has died, in whatever way: a shell of three words waits at the end of a pipe whose other end
 * the kernel closes with us. Otherwise a primary would outlive the keeper that alone could fence it, for as long as nobody starts one.
 */
public final class LastWill implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LastWill.class);
    private static final String SHELL = "/bin/sh";

    private final Process shell;

    private LastWill(Process shell) {
        this.shell = shell;
    }

    /** From now on; an IOException says that there is no shell. */
    public static LastWill of(NodeProcess server) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(SHELL, "-c", "read -r word; kill -9 \"$1\"", "foobar-last-will", "" + server.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Surroundings.clean(builder);
        LastWill will = new LastWill(builder.start());
        // A number is given to another process one day: the will must not be there then.
        CompletableFuture<NodeExit> unused = server.onExit().whenComplete((exit, failed) -> will.close());
        LOG.debug("Server {} ends with this program, by {}", server.pid(), will.shell.pid());
        return will;
    }

    /** Takes it back. */
    @Override
    public void close() {
        Process unused = shell.destroyForcibly();
    }
}
