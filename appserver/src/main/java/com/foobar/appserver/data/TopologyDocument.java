package com.foobar.appserver.data;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that an application server knows of the database cluster. Read strictly: a document that is half understood could send writes to
 * the wrong node. Keys it does not know are allowed, so that a newer cluster can talk to an older application server.
 *
 * @param primary absent while nobody takes writes
 * @param parked a planned switchover is under way: hold writes for a moment
 * @param validity for how long, counted from before the question, it allows writes
 */
public record TopologyDocument(
        String cluster,
        long epoch,
        long version,
        Optional<String> primary,
        boolean parked,
        Duration validity,
        List<Node> nodes) {

    private static final Json.Limits LIMITS = new Json.Limits(8, 256 * 1024);
    private static final Duration LONGEST_VALIDITY = Duration.ofHours(1);

    /** What a node does at present. */
    public enum Role {
        PRIMARY,
        REPLICA,
        DOWN
    }

    /**
     * One database server.
     *
     * @param lag absent when unknown
     * @param serves whether the cluster would have it read from
     */
    public record Node(String name, HostPort address, Role role, Optional<Duration> lag, boolean serves) {}

    public TopologyDocument {
        nodes = List.copyOf(nodes);
    }

    /** Higher epoch, then higher version; nothing else counts, least of all when it came. */
    public boolean isNewerThan(TopologyDocument other) {
        return epoch != other.epoch ? epoch > other.epoch : version > other.version;
    }

    /** Neither is newer. */
    public boolean isSameAs(TopologyDocument other) {
        return epoch == other.epoch && version == other.version;
    }

    public Optional<Node> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }

    Optional<Node> primaryNode() {
        return primary.flatMap(this::node);
    }

    /** As the long poll spells it. */
    public String stamp() {
        return epoch + "." + version;
    }

    public static TopologyDocument parse(String json) throws TopologyUnreadable {
        try {
            return read(fields(Json.parse(json, LIMITS), "the document"));
        } catch (JsonSyntaxException e) {
            throw new TopologyUnreadable(String.valueOf(e.getMessage()));
        }
    }

    private static TopologyDocument read(Map<?, ?> document) throws TopologyUnreadable {
        List<Node> nodes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object each : list(document.get("nodes"))) {
            Node node = node(fields(each, "nodes[" + nodes.size() + "]"), "nodes[" + nodes.size() + "]");
            if (!names.add(node.name())) {
                throw new TopologyUnreadable("two nodes are called " + node.name());
            }
            nodes.add(node);
        }
        Object primary = document.get("primary");
        TopologyDocument read = new TopologyDocument(
                text(document, "cluster", ""),
                number(document, "epoch", ""),
                number(document, "version", ""),
                primary == null ? Optional.empty() : Optional.of(text(document, "primary", "")),
                flag(document, "parked", "", false),
                Duration.ofMillis(number(document, "validityMillis", "")),
                nodes);
        consistent(read);
        return read;
    }

    private static void consistent(TopologyDocument read) throws TopologyUnreadable {
        if (read.validity().compareTo(LONGEST_VALIDITY) > 0) {
            throw new TopologyUnreadable("validityMillis is " + read.validity().toMillis() + ", more than an hour");
        }
        if (read.primary().isPresent()
                && read.primaryNode()
                        .filter(node -> node.role() == Role.PRIMARY)
                        .isEmpty()) {
            throw new TopologyUnreadable(
                    "primary is " + read.primary().get() + ", which no node of role primary is called");
        }
        List<String> primaries = read.nodes().stream()
                .filter(node -> node.role() == Role.PRIMARY)
                .map(Node::name)
                .toList();
        if (primaries.size() > 1) {
            throw new TopologyUnreadable("several nodes have the role primary: " + primaries);
        }
    }

    private static Node node(Map<?, ?> fields, String at) throws TopologyUnreadable {
        Object lag = fields.get("lagMillis");
        Role role = role(text(fields, "role", at), at);
        return new Node(
                text(fields, "name", at),
                address(text(fields, "address", at), at),
                role,
                lag == null ? Optional.empty() : Optional.of(Duration.ofMillis(number(fields, "lagMillis", at))),
                flag(fields, "serves", at, false));
    }

    private static Role role(String text, String at) throws TopologyUnreadable {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(text)) {
                return role;
            }
        }
        throw new TopologyUnreadable(at + ".role is \"" + text + "\", not primary, replica or down");
    }

    private static HostPort address(String text, String at) throws TopologyUnreadable {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TopologyUnreadable(at + ".address is \"" + text + "\", not " + e.getMessage());
        }
    }

    private static Map<?, ?> fields(@Nullable Object value, String at) throws TopologyUnreadable {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new TopologyUnreadable(at + " is no object");
    }

    private static List<?> list(@Nullable Object value) throws TopologyUnreadable {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new TopologyUnreadable("nodes is missing or no list");
    }

    private static String text(Map<?, ?> fields, String key, String at) throws TopologyUnreadable {
        if (fields.get(key) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new TopologyUnreadable(place(at, key) + " is missing or no text");
    }

    private static long number(Map<?, ?> fields, String key, String at) throws TopologyUnreadable {
        if (fields.get(key) instanceof Long number && number >= 0) {
            return number;
        }
        throw new TopologyUnreadable(place(at, key) + " is missing or no whole number from 0 up");
    }

    private static boolean flag(Map<?, ?> fields, String key, String at, boolean otherwise) throws TopologyUnreadable {
        Object value = fields.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new TopologyUnreadable(place(at, key) + " is neither true nor false");
    }

    private static String place(String at, String key) {
        return at.isEmpty() ? key : at + "." + key;
    }
}
