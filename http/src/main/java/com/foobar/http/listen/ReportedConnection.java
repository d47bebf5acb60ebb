package com.foobar.http.listen;

import java.io.IOException;
import java.net.SocketAddress;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.StreamConnection;

/** A connection that tells the addresses a trusted balancer reported instead of the balancer's own. */
final class ReportedConnection extends StreamConnection {

    private final StreamConnection real;
    private final SocketAddress source;
    private final SocketAddress destination;

    ReportedConnection(StreamConnection real, SocketAddress source, SocketAddress destination) {
        super(real.getIoThread());
        this.real = real;
        this.source = source;
        this.destination = destination;
        setSourceConduit(real.getSourceChannel().getConduit());
        setSinkConduit(real.getSinkChannel().getConduit());
        // Each of the two may be closed first, and neither would tell the other.
        real.setCloseListener(closed -> IoUtils.safeClose(this));
    }

    @Override
    protected void closeAction() {
        IoUtils.safeClose(real);
    }

    @Override
    protected void notifyWriteClosed() {}

    @Override
    protected void notifyReadClosed() {}

    @Override
    public SocketAddress getPeerAddress() {
        return source;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return destination;
    }

    @Override
    public boolean supportsOption(Option<?> option) {
        return real.supportsOption(option);
    }

    @Override
    public <T> T getOption(Option<T> option) throws IOException {
        return real.getOption(option);
    }

    @Override
    public <T> T setOption(Option<T> option, T value) throws IOException {
        return real.setOption(option, value);
    }
}
