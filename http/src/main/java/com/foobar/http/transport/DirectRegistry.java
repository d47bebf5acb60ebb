package com.foobar.http.transport;

import com.foobar.http.pool.Address;
import io.undertow.server.HttpHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tiers that live in this JVM, by the addresses they would otherwise be reached at. */
public final class DirectRegistry {
    private final Map<Address, HttpHandler> handlers = new ConcurrentHashMap<>();

    /** Opens a door; the address must not be taken. Closing what is returned shuts it again: later requests are refused. */
    public Door register(Address address, HttpHandler handler) {
        if (handlers.putIfAbsent(address, handler) != null) {
            throw new IllegalStateException(
                    "two tiers in this JVM are registered at " + address + "; give each its own port");
        }
        return () -> handlers.remove(address, handler);
    }

    @Nullable
    HttpHandler at(Address address) {
        return handlers.get(address);
    }

    /** A registration. */
    public interface Door extends AutoCloseable {
        @Override
        void close();
    }
}
