package com.foobar.http.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/** The far end of an upgraded connection: sends everything back, and says bye after the other side's end. */
final class Echo {
    private final StreamConnection connection;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096).limit(0);
    private boolean ended;

    Echo(StreamConnection connection) {
        this.connection = connection;
    }

    void start() {
        connection.getSourceChannel().setReadListener(source -> move());
        connection.getSinkChannel().setWriteListener(sink -> move());
        connection.getSourceChannel().resumeReads();
        move();
    }

    private void move() {
        try {
            while (true) {
                while (buffer.hasRemaining()) {
                    if (connection.getSinkChannel().write(buffer) == 0) {
                        connection.getSourceChannel().suspendReads();
                        connection.getSinkChannel().resumeWrites();
                        return;
                    }
                }
                connection.getSinkChannel().suspendWrites();
                if (ended) {
                    connection.getSinkChannel().shutdownWrites();
                    connection.getSinkChannel().flush();
                    connection.close();
                    return;
                }
                buffer.clear();
                int n = connection.getSourceChannel().read(buffer);
                if (n < 0) {
                    ended = true;
                    buffer.put("bye".getBytes(StandardCharsets.US_ASCII));
                }
                buffer.flip();
                if (n == 0) {
                    connection.getSourceChannel().resumeReads();
                    return;
                }
            }
        } catch (IOException broken) {
            IoUtils.safeClose(connection);
        }
    }
}
