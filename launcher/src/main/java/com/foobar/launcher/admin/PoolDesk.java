package com.foobar.launcher.admin;

import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Operator;
import com.foobar.http.tier.PoolStation;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Orders for single servers in the pools of the tiers here: {@code PUT /pools/POOL/BACKEND {"state":"drain","weight":5}}. */
public final class PoolDesk {
    static final String PREFIX = "/pools/";
    private static final String EXPECTED = "expected {\"state\":\"ready|drain|maintenance\",\"weight\":0.."
            + BackendSettings.MAX_WEIGHT + "}, one of them or both";

    private final Supplier<List<PoolStation>> stations;

    public PoolDesk(Supplier<List<PoolStation>> stations) {
        this.stations = stations;
    }

    /** All pools of all tiers here, in the shape of JSON. */
    List<Map<String, Object>> facts() {
        return stations.get().stream().map(PoolStation::facts).toList();
    }

    Answer order(String path, String body) {
        String[] parts = path.substring(PREFIX.length()).split("/", -1);
        if (parts.length != 2) {
            return Answer.text(404, "expected " + PREFIX + "POOL/BACKEND");
        }
        Optional<Order> order = parsed(body);
        if (order.isEmpty()) {
            return Answer.text(400, EXPECTED);
        }
        return given(parts[0], parts[1], order.get());
    }

    private Answer given(String pool, String backend, Order order) {
        boolean known = false;
        try {
            for (PoolStation station : stations.get()) {
                if (station.pool().name().equals(pool)) {
                    known |= order.announced
                            ? station.announce(backend, order.state.orElse(Operator.READY), order.weight.orElse(100))
                            : station.order(backend, order.state, order.weight);
                }
            }
        } catch (IOException unwritable) {
            return Answer.text(507, "the order could not be kept and was not carried out: " + unwritable.getMessage());
        }
        return known
                ? Answer.text(200, pool + "/" + backend + ": done")
                : Answer.text(404, "nobody here has a server " + backend + " in a pool " + pool);
    }

    /**
     * What is ordered.
     *
     * @param announced whether the server itself says so ({@code "from":"node"}): its weight is then a percentage, and nothing is
     *     kept across a restart
     */
    private record Order(Optional<Operator> state, Optional<Integer> weight, boolean announced) {}

    private static Optional<Order> parsed(String body) {
        try {
            if (!(Json.parse(body) instanceof Map<?, ?> wish)
                    || !List.of("state", "weight", "from").containsAll(wish.keySet())) {
                return Optional.empty();
            }
            boolean announced = "node".equals(wish.get("from"));
            if (wish.containsKey("from") && !announced) {
                return Optional.empty();
            }
            Optional<Operator> state = wish.containsKey("state") ? state(wish.get("state")) : Optional.empty();
            Optional<Integer> weight = wish.containsKey("weight")
                    ? weight(wish.get("weight"), announced ? 100 : BackendSettings.MAX_WEIGHT)
                    : Optional.empty();
            boolean bad = (wish.containsKey("state") && state.isEmpty())
                    || (wish.containsKey("weight") && weight.isEmpty())
                    || (state.isEmpty() && weight.isEmpty());
            return bad ? Optional.empty() : Optional.of(new Order(state, weight, announced));
        } catch (JsonSyntaxException rubbish) {
            return Optional.empty();
        }
    }

    private static Optional<Operator> state(Object word) {
        return List.of(Operator.values()).stream()
                .filter(operator -> operator.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    private static Optional<Integer> weight(Object value, int most) {
        return value instanceof Long number && number >= 0 && number <= most
                ? Optional.of(number.intValue())
                : Optional.empty();
    }
}
