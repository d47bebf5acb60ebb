package com.foobar.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * So many plain HTTP/1.1 requests a second whatever the answers do, each timed from the moment it should have been sent: a
 * server that stalls for a second is charged for every request of that second, not for one per connection.
 */
record FixedRate(int perSecond, int connections) implements Load {

    @Override
    public boolean isPossible() {
        return true;
    }

    @Override
    public String description() {
        return perSecond + " requests/s over " + connections + " connections";
    }

    @Override
    public Outcome run(Target target, Duration length, Bed bed) throws LoadFailure {
        if (target.secure()) {
            throw new LoadFailure("the fixed rate speaks plain HTTP only");
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port());
        int total = (int) Math.max(1, perSecond * length.toMillis() / 1000);
        try (OpenLoop loop = OpenLoop.connect(address, target.path(), connections, bed.time())) {
            Latency latency = loop.run(total, Duration.ofSeconds(1).dividedBy(perSecond));
            return new Outcome(total, total / (length.toMillis() / 1000.0), Optional.of(latency));
        } catch (IOException e) {
            throw new LoadFailure("a connection at the fixed rate broke: " + e.getMessage(), e);
        }
    }
}
