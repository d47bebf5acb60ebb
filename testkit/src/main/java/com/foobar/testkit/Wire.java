package com.foobar.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One accepted connection of a scripted backend. Used by its own thread; closed by any. */
final class Wire {

    private final Socket socket;
    private final InputStream in;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    InputStream in() {
        return in;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Ends early when the connection is closed by the backend's owner. */
    void pause(Duration pause) throws InterruptedException {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (left > 0 && !socket.isClosed()) {
                left = gone.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void swallowUntilClosed() throws IOException {
        byte[] buffer = new byte[16 * 1024];
        int read;
        do {
            read = in.read(buffer);
        } while (read >= 0);
        close();
    }

    void echo() throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            socket.getOutputStream().write(buffer, 0, read);
        }
        close();
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        close();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    void close() throws IOException {
        socket.close();
        lock.lock();
        try {
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
