package com.foobar.appserver.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** PURE. What to do about the applications, from two looks at their folder and from what was tried before. */
final class Plan {
    private Plan() {}

    /** By which a change is noticed: a file that is being copied has another one at the next look. */
    record Stamp(long bytes, long modified, long files) {}

    /** An application as it lies in the folder. */
    record Seen(Path path, boolean folder, Stamp stamp) {}

    /** A thing to do. */
    sealed interface Step {
        String name();
    }

    /** Start it, beside the version that may run. */
    record Deploy(String name, Seen seen) implements Step {}

    /** It is gone. */
    record Remove(String name) implements Step {}

    /**
     * A change counts when two looks in a row have found the same: until then somebody is still copying, or replaces a file by
     * removing it first.
     *
     * @param now the last look, by name
     * @param before the one before that
     * @param tried the stamp of the last attempt by name, whatever became of it
     */
    static List<Step> steps(Map<String, Seen> now, Map<String, Seen> before, Map<String, Stamp> tried) {
        List<Step> steps = new ArrayList<>();
        for (String name : new TreeSet<>(now.keySet())) {
            Seen seen = now.get(name);
            if (seen != null && seen.equals(before.get(name)) && !seen.stamp().equals(tried.get(name))) {
                steps.add(new Deploy(name, seen));
            }
        }
        for (String name : new TreeSet<>(tried.keySet())) {
            if (!now.containsKey(name) && !before.containsKey(name)) {
                steps.add(new Remove(name));
            }
        }
        return steps;
    }

    /** {@code ROOT} is the root, and {@code shop#admin} is below another: a file's name cannot hold a slash. */
    static String contextPath(String name) {
        return name.equals("ROOT") ? "/" : "/" + name.replace('#', '/');
    }
}
