package com.foobar.database.keeper;

import com.foobar.database.embedded.ProcessStamp;
import com.foobar.database.embedded.Stopped;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that somebody else started, known by the number in its file and by when it began. */
final class ServiceLife implements Life {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceLife.class);
    private static final Duration LOOK = Duration.ofMillis(2);
    private static final Duration DEATH = Duration.ofSeconds(5);

    private final Service service;
    private final HostPort at;
    private final ProcessHandle process;
    private final String stamp;
    private final Time time;

    private ServiceLife(Service service, HostPort at, ProcessHandle process, String stamp, Time time) {
        this.service = service;
        this.at = at;
        this.process = process;
        this.stamp = stamp;
        this.time = time;
    }

    /** A number of a process that has ended, or that began after the file was written and is another's, is nobody's. */
    static Optional<Life> of(Service service, HostPort at, Time time) {
        try {
            String digits = Files.readString(service.pid()).strip();
            return digits.matches("[0-9]{1,9}")
                    ? ProcessHandle.of(Long.parseLong(digits))
                            .filter(ServiceLife::isServer)
                            .flatMap(process -> ProcessStamp.of(process)
                                    .map(stamp -> new ServiceLife(service, at, process, stamp, time)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A file left by a server that was killed may name anybody by now; nobody but a database server is killed by it. */
    private static boolean isServer(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("mariadbd") || command.endsWith("mysqld"))
                // Another user's process does not show its program; then the operator's word for the file must do.
                .orElse(true);
    }

    @Override
    public String mark() {
        return process.pid() + "@" + stamp;
    }

    @Override
    public boolean runs() {
        return ProcessStamp.of(process).filter(stamp::equals).isPresent();
    }

    @Override
    public void kill() {
        if (!runs()) {
            return;
        }
        if (service.kill().isEmpty()) {
            if (!process.destroyForcibly()) {
                LOG.error("Database server {} (process {}) cannot be killed: no permission", at, process.pid());
            }
        } else {
            run(service.kill());
        }
    }

    /** On a thread of its own: a service manager may take its time, and whoever fences must not wait. */
    private void run(List<String> command) {
        Threads.one("service", "command", () -> {
                    try {
                        int exit = new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor();
                        if (exit != 0) {
                            LOG.error("{} for database server {} failed (exit {})", command, at, exit);
                        }
                    } catch (IOException e) {
                        LOG.error("{} for database server {} could not be run: {}", command, at, e.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    @Override
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        // The JDK looks after a process that is no child of ours a second apart only.
        long began = time.nanos();
        while (runs()) {
            if (time.nanos() - began > limit.toNanos()) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a database server was ending");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    @Override
    public Stopped stop(Duration deadline) throws InterruptedException {
        if (!runs()) {
            return Stopped.BEFORE;
        }
        if (service.stop().isEmpty()) {
            boolean unused = process.destroy();
        } else {
            run(service.stop());
        }
        if (awaitEnd(deadline)) {
            return Stopped.CLEANLY;
        }
        LOG.warn("Database server {} did not end within {}; it is killed", at, deadline);
        kill();
        return awaitEnd(DEATH) ? Stopped.KILLED : Stopped.NOT_YET;
    }

    @Override
    public CompletableFuture<String> ended() {
        return process.onExit().thenApply(ended -> "process " + ended.pid() + " is gone; its own log says why");
    }

    @Override
    public void release() {
        LOG.debug("Nothing of ours is held by database server {}", at);
    }
}
