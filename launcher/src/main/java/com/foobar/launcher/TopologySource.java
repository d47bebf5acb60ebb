package com.foobar.launcher;

import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import com.foobar.launcher.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the topology comes from. Start, {@code check}, {@code config} and reload all read through here, so that what one of
 * them accepts the others do too.
 *
 * @param conf the file given, or null for the demo
 */
public record TopologySource(@Nullable Path conf, Map<String, String> environment, List<String> overrides) {
    private static final Path DEMO = Path.of("conf", "demo.yaml");

    public TopologySource {
        environment = Map.copyOf(environment);
        overrides = List.copyOf(overrides);
    }

    /** Reads everything anew. The message of an exception names the file and the reason. */
    public Reading<Topology> read() throws IOException {
        return Settings.read(Topology.class, new Layers(text(), environment, overrides));
    }

    /** The file given; else the demo of the working directory, of the installation, or the one carried in the jar. */
    private Text text() throws IOException {
        if (conf != null) {
            return Text.read(conf);
        }
        for (Path demo : List.of(DEMO, Program.home().resolve(DEMO))) {
            if (Files.isRegularFile(demo)) {
                return Text.read(demo);
            }
        }
        return carried();
    }

    private static Text carried() throws IOException {
        try (InputStream in = TopologySource.class.getResourceAsStream("demo.yaml")) {
            if (in == null) {
                throw new IOException("the demo topology is not in the jar: give a file with --conf");
            }
            return new Text("demo.yaml (carried in the jar)", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
