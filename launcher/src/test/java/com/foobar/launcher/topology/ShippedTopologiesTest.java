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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            assertThat(lines).as("key %s", item.key()).anyMatch(line -> line.matches("(.*[^a-z-])?" + name + ":.*"));
        }
        assertThat(uncommented(lines)).isEmpty();
    }

    /** Where a key stands for the first time it must stand under a comment; the names of servers are the user's own. */
    private static List<String> uncommented(List<String> lines) {
        Pattern key = Pattern.compile("( *)([a-z-]+\\d?):.*");
        Set<String> seen = new HashSet<>();
        List<String> found = new ArrayList<>();
        boolean servers = false;
        for (int at = 0; at < lines.size(); at++) {
            Matcher line = key.matcher(lines.get(at));
            if (!line.matches()) {
                continue;
            }
            String indent = line.group(1);
            servers = indent.isEmpty() ? line.group(2).equals("servers") : servers;
            boolean name = servers && indent.length() == 2;
            boolean first = seen.add(indent + line.group(2));
            boolean commented = at > 0 && lines.get(at - 1).strip().startsWith("#");
            if (!name && first && !commented) {
                found.add((at + 1) + ": " + lines.get(at));
            }
        }
        return found;
    }

    private static Reading<Topology> reading(String file) throws Exception {
        return Settings.read(Topology.class, new Layers(Text.read(CONF.resolve(file)), Map.of(), List.of()));
    }
}
