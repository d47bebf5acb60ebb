package com.foobar.http.tier;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.ByteSize;
import java.time.Duration;

/** The {@code limits} section of a tier. */
public record Limits(
        @Doc("Request line and header fields together (431).") @Default("16KiB") ByteSize head,
        @Doc("Header fields of one request (431).") @Default("100") @Range(min = 1, max = 10_000) int fields,
        @Doc("The request target (414).") @Default("8KiB") ByteSize target,
        @Doc("Open connections in all.") @Default("10000") @Range(min = 1, max = 1_000_000) int connections,
        @Doc("Open connections from one address.") @Default("1000") @Range(min = 1, max = 1_000_000)
                int connectionsPerAddress,
        @Doc("From the first byte of a request's head to its last, whatever the drip (408).") @Default("5s")
                Duration headTime,
        @Doc("How long a connection may wait for a request.") @Default("60s") Duration idle,
        @Doc("The bytes per second a body must bring on average.") @Default("500") @Range(min = 1, max = 1_000_000)
                int bodyRate,
        @Doc("Requests of one connection under way at once, HTTP/2.") @Default("128") @Range(min = 1, max = 10_000)
                int streams,
        @Doc("Requests to one server at once; 0 for no limit. More wait in the queue.")
                @Default("0")
                @Range(min = 0, max = 1_000_000)
                int perServer,
        @Doc("Requests that may wait for a place.") @Default("1024") @Range(min = 0, max = 1_000_000) int queue,
        @Doc("For how long a server that came back is spared, its share growing all the while.") @Default("0s")
                Duration slowStart)
        implements Checked {

    @Override
    public void check(Problems problems) {
        if (target.bytes() >= head.bytes()) {
            problems.error("target", "must be smaller than head, which it is a part of");
        }
        if (head.bytes() > 1 << 20) {
            problems.error("head", head.toString(), "at most 1MiB");
        }
    }

    public com.foobar.http.listen.Limits listening() {
        com.foobar.http.listen.Limits usual = com.foobar.http.listen.Limits.DEFAULT;
        com.foobar.http.listen.Limits.Http2 two = usual.http2();
        return usual.withHead((int) head.bytes(), fields, (int) target.bytes())
                .withConnections(connections, connectionsPerAddress)
                .withPatience(headTime, usual.arrival(), idle)
                .withBody(usual.bodyGrace(), bodyRate)
                .withHttp2(new com.foobar.http.listen.Limits.Http2(
                        streams,
                        two.resets(),
                        two.resetWindow(),
                        two.windowBytes(),
                        two.frameBytes(),
                        two.tableBytes()));
    }
}
