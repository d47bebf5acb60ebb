package com.foobar.database.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.database.node.NewsDesk;
import com.foobar.kernel.thread.Threads;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.tls.DevelopmentAuthority;
import com.foobar.kernel.tls.KeyMaterial;
import com.foobar.kernel.tls.MutualTls;
import com.foobar.kernel.tls.ServerNames;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.TlsChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines and doors where each machine has a certificate. */
class SecureDoorTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Secret SECRET = Secret.parse("the cluster's");
    private static final Access PLAIN = new Access(SECRET, Optional.empty());
    private static final NewsDesk NEWS = (epoch, version, wait) -> CompletableFuture.completedFuture("the news");

    private final SystemTime time = new SystemTime("secure-door-test");
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HostPort secure = new HostPort("127.0.0.1", FreePorts.one());

    @TempDir
    Path folder;

    private Access ours;

    @BeforeEach
    void aSecureDoor() throws Exception {
        ours = member("ours", "127.0.0.1");
        door(secure, ours);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        time.close();
    }

    @Test
    void aMemberIsServed() {
        RemoteNews member = line(secure, ours);
        Await.until("it is served", SOON, () -> isServed(member));
    }

    @Test
    void whoeverShowsNoCertificateOfTheAuthorityIsNotServedThoughHeKnowsTheSecret() throws Exception {
        SSLContext nameless = SSLContext.getInstance("TLS");
        nameless.init(null, new TrustManager[] {new TlsChoice.TrustsEverybody()}, null);
        Access credulous = new Access(SECRET, Optional.of(nameless));
        RemoteNews member = line(secure, ours);
        Await.until("a member is served", SOON, () -> isServed(member));

        assertThat(isServed(line(secure, credulous))).as("no certificate").isFalse();
        assertThat(isServed(line(secure, PLAIN))).as("no TLS").isFalse();
        assertThat(isServed(line(secure, member("theirs", "127.0.0.1"))))
                .as("another authority")
                .isFalse();
        assertThat(isServed(member)).as("members are not disturbed").isTrue();
    }

    @Test
    void aDoorIsBelievedOnlyWithACertificateForTheAddressThatWasCalled() throws Exception {
        HostPort plain = new HostPort("127.0.0.1", FreePorts.one());
        HostPort misnamed = new HostPort("127.0.0.1", FreePorts.one());
        HostPort foreign = new HostPort("127.0.0.1", FreePorts.one());
        door(plain, PLAIN);
        door(misnamed, member("ours", "127.0.0.9"));
        door(foreign, member("theirs", "127.0.0.1"));

        assertThat(isServed(line(plain, ours))).as("no TLS").isFalse();
        assertThat(isServed(line(misnamed, ours)))
                .as("another machine's certificate")
                .isFalse();
        assertThat(isServed(line(foreign, ours))).as("another authority").isFalse();
    }

    @Test
    void theComplaintSaysWhatToLookAt() throws Exception {
        HostPort misnamed = new HostPort("127.0.0.1", FreePorts.one());
        door(misnamed, member("ours", "127.0.0.9"));
        try (Socket socket = new Socket(misnamed.host(), misnamed.port())) {
            assertThatThrownBy(() -> Frames.asking(socket, misnamed, ours))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("no TLS with the door " + misnamed, "database-cluster.tls", "127.0.0.1?");
        }
    }

    /** Whoever gives a line up is a timer's thread that others depend on; an SSLSocket would first wait for its stuck writer. */
    @Test
    void closingNeverWaitsForAWriterWhoseReaderHangs() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Frames> hangs = CompletableFuture.supplyAsync(() -> {
                try {
                    return Frames.answering(listener.accept(), ours);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            HostPort at = new HostPort("127.0.0.1", listener.getLocalPort());
            Frames frames = Frames.asking(new Socket(at.host(), at.port()), at, ours);
            AtomicLong written = new AtomicLong();
            Thread writer = Threads.one("test", "writer", () -> write(frames, written));
            writer.start();
            Await.until(
                    "the writer is stuck",
                    SOON,
                    () -> written.get() > 0 && isStillAfter(Duration.ofMillis(300), written));

            assertThat(CompletableFuture.runAsync(frames::close)).succeedsWithin(Duration.ofSeconds(2));
            writer.join(SOON.toMillis());
            assertThat(writer.isAlive()).isFalse();
            hangs.get(10, TimeUnit.SECONDS).close();
        }
    }

    private static boolean isStillAfter(Duration pause, AtomicLong count) {
        long seen = count.get();
        long began = System.nanoTime();
        while (System.nanoTime() - began < pause.toNanos()) {
            Thread.onSpinWait();
        }
        return count.get() == seen;
    }

    private static void write(Frames frames, AtomicLong written) {
        String much = "x".repeat(Frames.LARGEST);
        try {
            while (true) {
                frames.send(much);
                written.incrementAndGet();
            }
        } catch (IOException closed) {
            written.set(0);
        }
    }

    private void door(HostPort at, Access access) throws Exception {
        open.add(KeeperDoor.open(at, "door.port", access, List.of(), Optional.empty(), Optional.of(NEWS), time));
    }

    private RemoteNews line(HostPort door, Access access) {
        RemoteNews line = new RemoteNews(door, access, time);
        open.add(line);
        return line;
    }

    private static boolean isServed(RemoteNews line) {
        try {
            return line.newerThan(0, 0, Duration.ofSeconds(1))
                    .get(10, TimeUnit.SECONDS)
                    .equals("the news");
        } catch (java.util.concurrent.ExecutionException refused) {
            return false;
        } catch (Exception e) {
            throw new AssertionError("neither served nor refused", e);
        }
    }

    /** With a certificate for that address. */
    private Access member(String authority, String address) throws Exception {
        DevelopmentAuthority issuer = DevelopmentAuthority.open(folder.resolve(authority), time);
        KeyMaterial unused =
                issuer.leaf("at-" + address, ServerNames.of(List.of(), List.of(InetAddress.getByName(address))));
        Path leaf = folder.resolve(authority).resolve("at-" + address + ".pem");
        MutualTls tls = MutualTls.read(leaf, leaf, issuer.certificateFile(), time.instant());
        return new Access(SECRET, Optional.of(tls.context()));
    }
}
