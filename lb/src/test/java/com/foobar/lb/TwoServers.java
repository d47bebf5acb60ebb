package com.foobar.lb;

import com.foobar.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What most tests of a whole balancer begin with: servers a and b, threads for clients, a folder. */
abstract class TwoServers {
    @TempDir
    Path data;

    final ScriptedBackend a = ScriptedBackend.answering("a");
    final ScriptedBackend b = ScriptedBackend.answering("b");
    final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
        List.of(a, b).forEach(ScriptedBackend::close);
    }
}
