package com.foobar.bench.chaos;

import com.foobar.kernel.thread.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One line there, one answer back, over a Unix socket: the harness is in no network namespace, and the file system is the one thing that
 * it shares with the processes that are.
 */
final class Hotline {

    /** Answers one question at a time, on the calling thread, until the process is ended. */
    static void serve(Path socket, Answering answering) throws IOException {
        try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ServerSocketChannel unused = door.bind(UnixDomainSocketAddress.of(socket));
            while (true) {
                try (SocketChannel asker = door.accept();
                        BufferedReader in = new BufferedReader(Channels.newReader(asker, StandardCharsets.UTF_8))) {
                    String question = String.valueOf(in.readLine());
                    OutputStream out = Channels.newOutputStream(asker);
                    out.write(answered(answering, question).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static String answered(Answering answering, String question) {
        try {
            return answering.answer(question);
        } catch (Exception e) {
            return "!" + e;
        }
    }

    interface Answering {
        String answer(String question) throws Exception;
    }

    private static final Executor ASKERS =
            task -> Threads.one("chaos", "hotline", task).start();

    private Hotline() {}

    /** Fails when the other side does, and when it does not answer in half a minute. */
    static String ask(Path socket, String question) throws IOException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ASKERS.execute(() -> {
            try (SocketChannel line = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                OutputStream out = Channels.newOutputStream(line);
                out.write((question + "\n").getBytes(StandardCharsets.UTF_8));
                InputStream in = Channels.newInputStream(line);
                boolean unused = answer.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException | RuntimeException e) {
                boolean unused = answer.completeExceptionally(e);
            }
        });
        try {
            String said = answer.get(30, TimeUnit.SECONDS);
            if (said.startsWith("!")) {
                throw new IOException(question + ": " + said.substring(1));
            }
            return said;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(question + " was not answered by " + socket + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
