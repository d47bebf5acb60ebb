package com.foobar.database.act;

import com.foobar.database.dialect.Position;
import com.foobar.kernel.value.HostPort;

/** The proof that a node had applied all it had received: the one thing that can be promoted. Only {@link Drain} makes it. */
public final class Drained {
    private final HostPort at;
    private final Position position;

    Drained(HostPort at, Position position) {
        this.at = at;
        this.position = position;
    }

    public HostPort at() {
        return at;
    }

    public Position position() {
        return position;
    }

    @Override
    public String toString() {
        return at + " drained to " + position;
    }
}
