package com.foobar.testkit;

import com.foobar.kernel.thread.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** A listening port and the thread that accepts. Once it is shut the port refuses; to listen again, open another. */
final class Door {

    private static final int BACKLOG = 256;
    private static final Duration LAST_GUEST = Duration.ofSeconds(5);

    /** Takes a connection over, at once; whatever takes time belongs on another thread. */
    interface Host {
        void welcome(Socket guest) throws IOException;
    }

    private final ServerSocket listener;
    private final Thread acceptor;

    private Door(ServerSocket listener, String owner, Host host) {
        this.listener = listener;
        this.acceptor = Threads.one(owner, "accept", () -> accept(host));
    }

    static Door open(InetSocketAddress address, String owner, Host host) {
        try {
            ServerSocket listener = new ServerSocket();
            // The connections of the life before linger in TIME_WAIT and would forbid the port for a minute.
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
            Door door = new Door(listener, owner, host);
            door.acceptor.start();
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(owner + " cannot listen on " + address, e);
        }
    }

    /**
     * Returns when the port refuses. Close alone does not do that: the kernel goes on listening until the accepting thread
     * has left its system call. Not to be called with a lock that the host takes.
     */
    void shut() {
        try {
            listener.close();
            acceptor.join(LAST_GUEST.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (acceptor.isAlive()) {
            throw new AssertionError(acceptor.getName() + " still accepts although its socket is closed");
        }
    }

    private void accept(Host host) {
        while (!listener.isClosed()) {
            try {
                host.welcome(listener.accept());
            } catch (IOException e) {
                // Shut, or the guest was gone before it was let in: the condition of the loop tells which.
            }
        }
    }
}
