package com.foobar.testkit;

import com.foobar.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.Set;

/**
 * What is wrong with a link now. Immutable: a link looks once per piece it moves and never sees half a change.
 *
 * @param bytesPerSecond 0 for no limit
 * @param stalled nothing moves, nothing is lost
 * @param swallowed what goes this way is lost
 * @param closeAfter bytes after which a link closes, counted from this fault on; negative for never
 * @param serial tells the faults of one time from those of another
 */
record Faults(
        Duration latency,
        long bytesPerSecond,
        boolean stalled,
        Set<Direction> swallowed,
        Direction counted,
        long closeAfter,
        long serial) {

    static Faults none(long serial) {
        return new Faults(Duration.ZERO, 0, false, Set.of(), Direction.TO_CLIENT, -1, serial);
    }

    Faults withLatency(Duration delay) {
        return new Faults(delay, bytesPerSecond, stalled, swallowed, counted, closeAfter, serial);
    }

    Faults withBytesPerSecond(long rate) {
        return new Faults(latency, rate, stalled, swallowed, counted, closeAfter, serial);
    }

    Faults withStall() {
        return new Faults(latency, bytesPerSecond, true, swallowed, counted, closeAfter, serial);
    }

    Faults withSwallowed(Set<Direction> directions) {
        return new Faults(latency, bytesPerSecond, stalled, directions, counted, closeAfter, serial);
    }

    Faults withCloseAfter(Direction direction, long bytes) {
        return new Faults(latency, bytesPerSecond, stalled, swallowed, direction, bytes, serial + 1);
    }

    boolean swallows(Direction direction) {
        return swallowed.contains(direction);
    }
}
