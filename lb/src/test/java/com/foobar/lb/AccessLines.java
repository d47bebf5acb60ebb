package com.foobar.lb;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The access log of lb1 as a test reads it: each line must be one JSON object. */
final class AccessLines {
    private final Path file;

    AccessLines(Path data) {
        this.file = data.resolve("logs").resolve("access-lb1.jsonl");
    }

    /** All lines, once there are so many. */
    List<Map<?, ?>> await(int count) {
        return await(count, line -> true);
    }

    /** The lines that match, once there are so many. */
    List<Map<?, ?>> await(int count, Predicate<Map<?, ?>> which) {
        return Await.until(
                "the access log has " + count + " such lines",
                Balancer.PATIENCE,
                () -> now().stream().filter(which).toList(),
                lines -> lines.size() >= count);
    }

    /** The line of that request, once it is there. */
    Map<?, ?> of(String id) {
        return await(1, line -> id.equals(line.get("id"))).get(0);
    }

    private List<Map<?, ?>> now() {
        try {
            String text = Files.readString(file);
            // What has no line end yet is still being written.
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .<Map<?, ?>>map(AccessLines::object)
                    .toList();
        } catch (NoSuchFileException early) {
            return List.of();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Map<?, ?> object(String line) {
        try {
            if (Json.parse(line) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (JsonSyntaxException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
        throw new AssertionError("not an object: " + line);
    }
}
