package com.foobar.database.coordinator;

import com.foobar.database.model.NodeName;
import com.foobar.database.model.PublishedTopology;
import com.foobar.database.model.PublishedTopology.Replica;
import com.foobar.kernel.json.JsonWriter;
import com.foobar.kernel.value.HostPort;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The document of decision 9. */
final class TopologyJson {

    private TopologyJson() {}

    static String write(String cluster, Map<NodeName, HostPort> addresses, PublishedTopology topology) {
        NodeName primary = topology.primary();
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .field("cluster", cluster)
                .field("epoch", topology.epoch().number())
                .field("version", topology.version());
        if (primary != null) {
            json.field("primary", primary.text());
        }
        json.field("parked", topology.parked())
                .field("validityMillis", topology.validity().toMillis())
                .name("nodes")
                .beginArray();
        Map<NodeName, Replica> replicas = new TreeMap<>();
        topology.replicas().forEach(replica -> replicas.put(replica.name(), replica));
        addresses.forEach((node, address) -> {
            json.beginObject().field("name", node.text()).field("address", address.toString());
            Replica replica = replicas.get(node);
            if (node.equals(primary)) {
                json.field("role", "primary");
            } else if (replica == null) {
                json.field("role", "down");
            } else {
                json.field("role", "replica");
                Duration lag = replica.lag();
                if (lag != null) {
                    json.field("lagMillis", lag.toMillis());
                }
                json.field("serves", replica.serves());
            }
            json.end();
        });
        return json.end().end().toString();
    }
}
