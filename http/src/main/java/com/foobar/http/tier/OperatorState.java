package com.foobar.http.tier;

import com.foobar.http.pool.Operator;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators ordered, kept across restarts: a server taken out for repair must not come back because the process did.
 * Only what differs from the configuration is kept. Guarded by itself.
 */
public final class OperatorState {
    private static final Logger log = LoggerFactory.getLogger(OperatorState.class);

    private final Path file;
    private final Map<String, Order> orders = new LinkedHashMap<>();

    /** An order for one server; what it leaves open is as configured. */
    public record Order(Operator state, Optional<Integer> weight) {
        public static final Order NONE = new Order(Operator.READY, Optional.empty());
    }

    public OperatorState(Path file) {
        this.file = file;
    }

    /** A file that cannot be read is set aside, or the next order would overwrite it; the tier starts without it. */
    public synchronized void read() {
        try {
            // All or nothing: half the orders of a file would look like all of them.
            orders.putAll(orders(Json.parse(Files.readString(file))));
        } catch (NoSuchFileException first) {
            log.debug("no operator has ordered anything yet");
        } catch (IOException | JsonSyntaxException | IllegalArgumentException broken) {
            log.error("{} cannot be read, all servers are as configured: {}; {}", file, broken.toString(), setAside());
        }
    }

    private String setAside() {
        Path aside = file.resolveSibling(file.getFileName() + ".broken");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return "it is kept as " + aside.getFileName() + ": mend it, name it as before and restart, or delete it";
        } catch (IOException stuck) {
            return "it could not be renamed and is lost with the next order: " + stuck;
        }
    }

    private static Map<String, Order> orders(@Nullable Object kept) {
        if (!(kept instanceof Map<?, ?> facts)) {
            throw new IllegalArgumentException("orders are an object, not " + kept);
        }
        Map<String, Order> orders = new LinkedHashMap<>();
        facts.forEach((key, value) -> orders.put(String.valueOf(key), order(value)));
        return orders;
    }

    private static Order order(Object value) {
        if (!(value instanceof Map<?, ?> facts)) {
            throw new IllegalArgumentException("an order is an object, not " + value);
        }
        Operator state = Operator.valueOf(String.valueOf(facts.get("state")).toUpperCase(Locale.ROOT));
        Optional<Integer> weight =
                facts.get("weight") instanceof Number number ? Optional.of(number.intValue()) : Optional.empty();
        return new Order(state, weight);
    }

    public synchronized Order of(String pool, String backend) {
        return orders.getOrDefault(pool + "/" + backend, Order.NONE);
    }

    /** Kept before it takes effect: an order that a restart would forget is none. */
    public synchronized void keep(String pool, String backend, Order order) throws IOException {
        Map<String, Order> changed = new LinkedHashMap<>(orders);
        if (order.equals(Order.NONE)) {
            changed.remove(pool + "/" + backend);
        } else {
            changed.put(pool + "/" + backend, order);
        }
        write(changed);
        orders.clear();
        orders.putAll(changed);
    }

    private void write(Map<String, Order> changed) throws IOException {
        JsonWriter json = new JsonWriter().beginObject();
        changed.forEach((key, order) -> {
            json.name(key).beginObject().field("state", Access.lower(order.state()));
            order.weight().ifPresent(weight -> json.field("weight", weight));
            json.end();
        });
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, json.end() + "\n", StandardCharsets.UTF_8);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
