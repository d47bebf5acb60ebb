package com.foobar.http.forward;

import static com.foobar.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.Pool;
import com.foobar.http.transport.Keeping;
import com.foobar.http.transport.SocketTransport;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.RawHttp;
import com.foobar.testkit.RawResponse;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An answer that comes in pieces leaves in pieces: what is there does not wait for what is not. */
class StreamingTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String CHUNKED_HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final int DATA = 0;
    private static final int SETTINGS = 4;

    @Test
    void aHeadDoesNotWaitForItsBody() throws Exception {
        CountDownLatch bodyMayCome = new CountDownLatch(1);
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().write(CHUNKED_HEAD)
                        .hold(bodyMayCome)
                        .chunk("event")
                        .write("0\r\n\r\n"));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client().patience(Duration.ofSeconds(1))) {
            client.send(GET);
            assertThat(new String(client.readBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            bodyMayCome.countDown();
            assertThat(rig.journey().ending()).isEqualTo(Ending.COMPLETE);
        }
    }

    @Test
    void anEventDoesNotWaitForTheNextOnHttp2() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        SystemTime time = new SystemTime("streaming");
        try (ScriptedBackend a = ScriptedBackend.scripted(
                "a", r -> script().write(CHUNKED_HEAD).chunk("event").hold(end).write("0\r\n\r\n"))) {
            Undertow front = http2Front(time, a);
            int port = ((InetSocketAddress) front.getListenerInfo().get(0).getAddress()).getPort();
            try (RawHttp client = RawHttp.connect(port).patience(Duration.ofSeconds(1))) {
                client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                client.sendBytes(frame(SETTINGS, 0, 0, new byte[0]));
                // :method GET, :scheme http, :path /, and :authority x, by their places in the static table.
                client.sendBytes(frame(1, 5, 1, new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 1, 'x'}));
                assertThat(firstData(client)).isEqualTo("event");
            } finally {
                end.countDown();
                front.stop();
            }
        } finally {
            time.close();
        }
    }

    private static Undertow http2Front(SystemTime time, ScriptedBackend backend) {
        Pool pool = new Pool("web", 0);
        pool.replace(
                List.of(BackendSettings.of("a", new Address("127.0.0.1", backend.port()))),
                Balance.of(Balance.Kind.ROUNDROBIN));
        pool.backends().forEach(one -> one.verdict(true, time.nanos()));
        ForwardSettings settings = ForwardSettings.of(pool, new SocketTransport(time, Keeping.DEFAULT));
        Undertow front = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setHandler(new Forwarder(settings, time, Refusals.bare(), (exchange, journey) -> {}))
                .build();
        front.start();
        return front;
    }

    private static byte[] frame(int type, int flags, int stream, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, (byte) body.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream});
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static String firstData(RawHttp client) {
        while (true) {
            byte[] head = client.readBytes(9);
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
            byte[] body = client.readBytes(length);
            if (head[3] == DATA && length > 0) {
                return new String(body, StandardCharsets.US_ASCII);
            }
        }
    }

    @Test
    void manySmallChunksToASlowClientArriveWhole() throws Exception {
        StringBuilder body = new StringBuilder();
        StringBuilder wire = new StringBuilder(CHUNKED_HEAD);
        for (int i = 0; i < 200_000; i++) {
            String piece = Integer.toString(i * 7919) + ' ';
            body.append(piece);
            wire.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        Script script = script().write(wire.append("0\r\nX-Sum: 42\r\n\r\n").toString());
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script);
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(GET);
                assertThat(client.isClosedWithin(Duration.ofMillis(200))).isFalse();
                RawResponse response = client.response();
                assertThat(response.complete()).isTrue();
                assertThat(response.latin1()).isEqualTo(body.toString());
                assertThat(response.trailer("X-Sum")).isEqualTo("42");
            }
            assertThat(a.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatFollowsTheLastChunkIsNeverAnAnswer() throws Exception {
        String answer = CHUNKED_HEAD + "2\r\nok\r\n0\r\n\r\n";
        String stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray";
        try (ScriptedBackend a = ScriptedBackend.scripted("a", r -> script().write(answer + stray));
                Rig rig = Rig.before(a);
                RawHttp client = rig.client()) {
            assertThat(client.send(GET).response().latin1()).isEqualTo("ok");
            assertThat(client.send(GET).response().latin1()).isEqualTo("ok");
            assertThat(a.connections()).isEqualTo(2);
        }
    }
}
