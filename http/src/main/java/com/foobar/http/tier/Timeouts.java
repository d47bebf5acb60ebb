package com.foobar.http.tier;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import java.time.Duration;

/** The {@code timeouts} section of a tier. */
public record Timeouts(
        @Doc("Until a server has accepted the connection.") @Default("1s") Duration connect,
        @Doc("Until a server has begun to answer, from the last byte of the request.") @Default("30s")
                Duration response,
        @Doc("Between two bytes, either way, while bodies pass.") @Default("30s") Duration idle,
        @Doc("Without a byte either way after an upgrade to WebSocket.") @Default("1h") Duration tunnel,
        @Doc("For a whole request, waiting and retries included.") @Default("10m") Duration request,
        @Doc("How long a request may wait for a server that has a free place.") @Default("5s") Duration queue) {}
