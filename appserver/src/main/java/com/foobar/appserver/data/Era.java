package com.foobar.appserver.data;

import com.foobar.appserver.data.TopologyDocument.Node;
import com.foobar.appserver.data.TopologyDocument.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One document and the pools that belong to it. Immutable; the next document makes the next era. */
final class Era {

    private final TopologyDocument document;
    private final Map<PoolKey, NodePool> pools;
    /** Found once for all the questions of this era, by the name of the node. */
    private final Map<String, NodePool> readers = new HashMap<>();

    private final Map<Use, NodePool> ofPrimary = new EnumMap<>(Use.class);

    Era(TopologyDocument document, Map<PoolKey, NodePool> pools) {
        this.document = document;
        this.pools = Map.copyOf(pools);
        for (Node node : document.nodes()) {
            pool(node, Use.READ).ifPresent(pool -> readers.put(node.name(), pool));
        }
        document.primaryNode().ifPresent(node -> {
            for (Use use : Use.values()) {
                pool(node, use).ifPresent(pool -> ofPrimary.put(use, pool));
            }
        });
    }

    private Optional<NodePool> pool(Node node, Use use) {
        return Optional.ofNullable(pools.get(new PoolKey(node.name(), node.address(), use)));
    }

    TopologyDocument document() {
        return document;
    }

    Map<PoolKey, NodePool> pools() {
        return pools;
    }

    /** Which connections a document asks for. PURE. */
    static Set<PoolKey> wanted(TopologyDocument document, boolean schema) {
        Set<PoolKey> wanted = new HashSet<>();
        for (Node node : document.nodes()) {
            // A replica that lags keeps its pool: it will serve again in a moment.
            if (node.role() != Role.DOWN) {
                wanted.add(new PoolKey(node.name(), node.address(), Use.READ));
            }
        }
        document.primaryNode().ifPresent(node -> {
            wanted.add(new PoolKey(node.name(), node.address(), Use.WRITE));
            if (schema) {
                wanted.add(new PoolKey(node.name(), node.address(), Use.SCHEMA));
            }
        });
        return wanted;
    }

    Optional<NodePool> ofPrimary(Use use) {
        return Optional.ofNullable(ofPrimary.get(use));
    }

    Optional<NodePool> reader(String name) {
        return Optional.ofNullable(readers.get(name));
    }

    List<ReplicaOrder.Candidate> replicas() {
        List<ReplicaOrder.Candidate> found = new ArrayList<>();
        for (Node node : document.nodes()) {
            if (node.role() == Role.REPLICA) {
                NodePool pool = readers.get(node.name());
                found.add(new ReplicaOrder.Candidate(
                        node.name(), node.lag(), node.serves(), pool == null || pool.isSetAside()));
            }
        }
        return found;
    }
}
