package com.foobar.http.forward;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Pool;
import com.foobar.http.transport.Keeping;
import com.foobar.http.transport.Patience;
import com.foobar.http.transport.SocketTransport;
import com.foobar.http.transport.Transport;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.ScriptedBackend;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A listener with a forwarder behind it, as a balancer has, and the journeys it reports. One I/O thread, so that what is idle is found again. */
final class Rig implements AutoCloseable {
    static final Patience SHORT =
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    final SystemTime time = new SystemTime("rig");
    final Pool pool = new Pool("web", 0);
    final SocketTransport sockets = new SocketTransport(time, Keeping.DEFAULT);
    final BlockingQueue<Journey> journeys = new LinkedBlockingQueue<>();
    final Forwarder forwarder;
    ForwardSettings settings;
    private final Undertow undertow;
    private final int port;

    private Rig(List<BackendSettings> members, Transport transport, UnaryOperator<ForwardSettings> change) {
        pool.replace(members, Balance.of(Balance.Kind.ROUNDROBIN));
        // As a prober would: an unchecked backend gets nothing.
        pool.backends().forEach(one -> one.verdict(true, time.nanos()));
        settings = change.apply(ForwardSettings.of(pool, transport == null ? sockets : transport)
                .withPatience(SHORT, Duration.ofSeconds(20)));
        forwarder = new Forwarder(settings, time, Refusals.bare(), (exchange, journey) -> journeys.add(journey));
        undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 64L << 20)
                .setHandler(forwarder)
                .build();
        undertow.start();
        port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    static Rig before(ScriptedBackend... backends) {
        return before(UnaryOperator.identity(), backends);
    }

    static Rig before(UnaryOperator<ForwardSettings> change, ScriptedBackend... backends) {
        List<BackendSettings> members = new ArrayList<>();
        for (ScriptedBackend one : backends) {
            members.add(BackendSettings.of(one.name(), new Address("127.0.0.1", one.port())));
        }
        return new Rig(members, null, change);
    }

    static Rig over(Transport transport, List<BackendSettings> members) {
        return new Rig(members, transport, UnaryOperator.identity());
    }

    static Rig with(List<BackendSettings> members, UnaryOperator<ForwardSettings> change) {
        return new Rig(members, null, change);
    }

    int port() {
        return port;
    }

    RawHttp client() {
        return RawHttp.connect(port).patience(Duration.ofSeconds(10));
    }

    Journey journey() throws InterruptedException {
        Journey one = journeys.poll(10, TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("no journey was reported within ten seconds");
        }
        return one;
    }

    @Override
    public void close() {
        undertow.stop();
        time.close();
    }
}
