package com.foobar.http.transport;

import com.foobar.kernel.time.Time;
import io.undertow.server.HttpServerExchange;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.xnio.XnioIoThread;

/** The lanes of one transport, one for each I/O thread that has used it. */
final class Lanes {
    private final Time time;
    private final Keeping keeping;
    private final Map<XnioIoThread, Lane> lanes = new ConcurrentHashMap<>();

    Lanes(Time time, Keeping keeping) {
        this.time = time;
        this.keeping = keeping;
    }

    Lane of(HttpServerExchange exchange) {
        XnioIoThread thread = exchange.getIoThread();
        Lane lane = lanes.get(thread);
        return lane != null ? lane : lanes.computeIfAbsent(thread, t -> new Lane(t, time, keeping));
    }

    void close() {
        lanes.values().forEach(Lanes::close);
    }

    /** False if the thread has ended, and with it its connections. */
    private static boolean close(Lane lane) {
        try {
            lane.thread.execute(lane::close);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }
}
