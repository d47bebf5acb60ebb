package com.foobar.launcher.supervise;

import java.util.List;

/**
 * How a reload went.
 *
 * @param changed whether the new configuration is in force
 * @param lines what changed, or why nothing did
 */
public record ReloadAnswer(boolean changed, List<String> lines) {

    public ReloadAnswer {
        lines = List.copyOf(lines);
    }

    static ReloadAnswer refused(String why) {
        return new ReloadAnswer(false, List.of(why));
    }
}
