package com.foobar.http.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;

/** One attempt to connect: the name first, then the connection. It tells its leg once, or never after it was given up. */
final class Dial {
    private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true);

    private final Leg leg;
    private final IdleLegs home;
    private @Nullable IoFuture<StreamConnection> connecting;
    private boolean over;

    Dial(Leg leg, IdleLegs home) {
        this.leg = leg;
        this.home = home;
    }

    void begin(Resolver resolver) {
        resolver.resolve(home.address, home.lane.thread, this::connect);
    }

    void giveUp() {
        over = true;
        IoFuture<StreamConnection> future = connecting;
        if (future != null) {
            connecting = null;
            future.cancel();
        }
    }

    private void connect(@Nullable InetSocketAddress socket) {
        if (over) {
            return;
        }
        if (socket == null) {
            refused("no address for " + home.address.host());
            return;
        }
        IoFuture<StreamConnection> future = home.lane.thread.openStreamConnection(socket, this::connected, OPTIONS);
        connecting = future;
        future.addNotifier(
                new IoFuture.HandlingNotifier<StreamConnection, Dial>() {
                    @Override
                    public void handleFailed(IOException why, Dial dial) {
                        // This may run before addNotifier returns; the attempt must not end inside its own beginning.
                        home.lane.thread.execute(() -> dial.refused(String.valueOf(why.getMessage())));
                    }
                },
                this);
    }

    private void refused(String why) {
        if (!over) {
            over = true;
            leg.refused(why);
        }
    }

    private void connected(StreamConnection fresh) {
        if (over) {
            IoUtils.safeClose(fresh);
        } else {
            over = true;
            leg.connected(fresh);
        }
    }
}
