package com.foobar.launcher.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.kernel.config.KeyDoc;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Schema;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three files in conf/: complete, commented, and good. */
class ShippedTopologiesTest {
    private static final Path CONF = Path.of("..", "conf");

    @ParameterizedTest
    @ValueSource(strings = {"demo.yaml", "three-servers.yaml", "highly-available.yaml"})
    void passTheCheck(String file) throws Exception {
        Reading<Topology> reading = reading(file);

        assertThat(Read.lines(reading.errors())).isEmpty();
    }

    @Test
    void theExerciseDeservesItsWarningsAndTheOthersNone() throws Exception {
        assertThat(Read.lines(reading("three-servers.yaml").warnings()))
                .anySatisfy(line -> assertThat(line).contains("one load balancer"))
                .anySatisfy(line -> assertThat(line).contains("HTTPS is off"))
                .anySatisfy(line -> assertThat(line).contains("two database nodes"))
                .hasSize(3);
        assertThat(reading("demo.yaml").warnings()).isEmpty();
        assertThat(reading("highly-available.yaml").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.yaml", "three-servers.yaml", "highly-available.yaml"})
    void showEveryKeyOfEveryRecordAndEachUnderAComment(String file) throws Exception {
        List<String> lines = Files.readAllLines(CONF.resolve(file));
        for (KeyDoc item : Schema.of(Topology.class).keys()) {
            String name = item.key().substring(item.key().lastIndexOf('.') + 1);
            if (name.equals("*")) {
                continue;
            }
            assertThat(lines)
                    .as("key %s", item.key())
                    .anyMatch(line ->
                            line.strip().startsWith(name + ":") || line.strip().startsWith("# " + name + ":"));
        }
        assertThat(uncommented(lines)).isEmpty();
    }

    /** The first line of each key whose line above is no comment; machines after the first repeat it. */
    private static List<String> uncommented(List<String> lines) {
        return java.util.stream.IntStream.range(1, lines.size())
                .filter(at -> lines.get(at).matches("( {2}| {4})?[a-z-]+:.*"))
                .filter(at -> !lines.get(at - 1).strip().startsWith("#"))
                .mapToObj(at -> (at + 1) + ": " + lines.get(at))
                .filter(line -> !line.matches("\\d+: +(address|roles|[a-z]+\\d?):.*"))
                .toList();
    }

    private static Reading<Topology> reading(String file) throws Exception {
        return Settings.read(Topology.class, new Layers(Text.read(CONF.resolve(file)), Map.of(), List.of()));
    }
}
