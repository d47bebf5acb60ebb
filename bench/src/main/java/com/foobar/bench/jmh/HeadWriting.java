package com.foobar.bench.jmh;

import com.foobar.http.transport.RequestHead;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The head of a browser's request, with the six fields the balancer adds, from the exchange into the buffer that is sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class HeadWriting {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final RequestHead head = new RequestHead(BUFFER_BYTES);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final HttpServerExchange exchange = new HttpServerExchange(null);

    @Setup
    public void request() {
        exchange.setRequestMethod(Methods.GET).setProtocol(Protocols.HTTP_1_1);
        exchange.setRequestURI("/articles/2026/11/a-path-as-they-are");
        exchange.setQueryString("page=2&sort=date");
        exchange.getRequestHeaders()
                .put(Headers.HOST, "www.foobar.com")
                .put(Headers.USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .put(Headers.ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .put(Headers.ACCEPT_LANGUAGE, "en-GB,en;q=0.7,de;q=0.3")
                .put(Headers.ACCEPT_ENCODING, "gzip, deflate, br, zstd")
                .put(Headers.COOKIE, "session=2f1c7a5e9b0d4c3f8a6e; theme=dark")
                .put(new HttpString("X-Request-Id"), "7qnbg7vqcb1cccbv6q361hvg6q")
                .put(new HttpString("traceparent"), "00-bd1553faad5ba77913dd5d3c2d0e87b0-abbf76fd7b7b0b3d-00")
                .put(Headers.X_FORWARDED_FOR, "192.0.2.17")
                .put(Headers.X_FORWARDED_PROTO, "https")
                .put(Headers.X_FORWARDED_HOST, "www.foobar.com")
                .put(new HttpString("Forwarded"), "for=192.0.2.17;host=\"www.foobar.com\";proto=https");
        Connectors.terminateRequest(exchange);
    }

    @Benchmark
    public ByteBuffer write() {
        if (!head.write(exchange, buffer.clear())) {
            throw new IllegalStateException("the head does not fit");
        }
        return buffer;
    }
}
