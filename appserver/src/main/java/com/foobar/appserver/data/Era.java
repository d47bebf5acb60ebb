package com.foobar.appserver.data;

import com.foobar.appserver.data.TopologyDocument.Node;
import com.foobar.appserver.data.TopologyDocument.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One document and the pools that belong to it. Immutable; the next document makes the next era. */
final class Era {

    private final TopologyDocument document;
    private final Map<PoolKey, NodePool> pools;

    Era(TopologyDocument document, Map<PoolKey, NodePool> pools) {
        this.document = document;
        this.pools = Map.copyOf(pools);
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
        return document.primaryNode().map(node -> pools.get(new PoolKey(node.name(), node.address(), use)));
    }

    Optional<NodePool> reader(String name) {
        return document.node(name).map(node -> pools.get(new PoolKey(name, node.address(), Use.READ)));
    }

    List<ReplicaOrder.Candidate> replicas() {
        return document.nodes().stream()
                .filter(node -> node.role() == Role.REPLICA)
                .map(node -> new ReplicaOrder.Candidate(
                        node.name(),
                        node.lag(),
                        node.serves(),
                        reader(node.name()).map(NodePool::isSetAside).orElse(true)))
                .toList();
    }
}
