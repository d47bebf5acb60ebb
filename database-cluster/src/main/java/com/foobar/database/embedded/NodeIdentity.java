package com.foobar.database.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Optional;
import java.util.Properties;

/**
 * Whose data a folder holds. It lies inside the data and appears with it in one rename, so that no data is without an owner.
 *
 * @param cluster made once for a cluster; data of another one is refused
 * @param node the node's name, for people
 * @param engine the version that used the data last
 */
public record NodeIdentity(String cluster, String node, EngineVersion engine) {

    static final String FILE = "foobar-identity";

    String text() {
        Properties properties = new Properties();
        properties.setProperty("cluster", cluster);
        properties.setProperty("node", node);
        properties.setProperty("engine", engine.toString());
        StringWriter text = new StringWriter();
        try {
            properties.store(text, "Whose database this is; without this file it is not used.");
        } catch (IOException e) {
            throw new IllegalStateException("a string takes every text", e);
        }
        return text.toString();
    }

    static Optional<NodeIdentity> parse(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        String cluster = properties.getProperty("cluster", "");
        String node = properties.getProperty("node", "");
        return cluster.isBlank() || node.isBlank()
                ? Optional.empty()
                : EngineVersion.parse(properties.getProperty("engine", ""))
                        .map(engine -> new NodeIdentity(cluster, node, engine));
    }
}
