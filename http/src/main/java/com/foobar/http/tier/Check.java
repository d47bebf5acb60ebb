package com.foobar.http.tier;

import com.foobar.http.pool.CheckCounter;
import com.foobar.http.probe.CheckSettings;
import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import java.time.Duration;
import java.util.Optional;

/** The {@code check} section of a tier. */
public record Check(
        @Doc("http asks for the path, tcp only connects, none takes every server for well.") @Default("http")
                CheckSettings.Kind kind,
        @Doc("What is asked for.") @Default("/") String path,
        @Doc("The Host field of the question; by default the site.") Optional<String> host,
        @Doc("The lowest status that is well.") @Default("200") @Range(min = 100, max = 599) int lowest,
        @Doc("The highest status that is well.") @Default("399") @Range(min = 100, max = 599) int highest,
        @Doc("Text the answer must contain.") Optional<String> body,
        @Doc("For the whole check.") @Default("1s") Duration timeout,
        @Doc("The pause between checks.") @Default("2s") Duration inter,
        @Doc("The pause while results contradict the state.") @Default("500ms") Duration fastinter,
        @Doc("The pause while a server is down.") @Default("1s") Duration downinter,
        @Doc("Good checks in a row that bring a server back.") @Default("2") @Range(min = 1, max = 100) int rise,
        @Doc("Bad checks in a row that take a server out.") @Default("3") @Range(min = 1, max = 100) int fall)
        implements Checked {

    @Override
    public void check(Problems problems) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            problems.error("path", path, "a path that begins with / and has no spaces");
        }
        if (lowest > highest) {
            problems.error("lowest", "is above highest, so no status would be well");
        }
        for (Duration pause : new Duration[] {inter, fastinter, downinter, timeout}) {
            if (pause.toMillis() < 1) {
                problems.error("", "pauses and timeout must be at least 1ms");
            }
        }
    }

    /** How long it takes at most until a server that answers with no is out. */
    public Duration notice() {
        return inter.plus(fastinter.multipliedBy(fall - 1L)).plus(timeout);
    }

    public CheckSettings settings(String site) {
        CheckCounter.Rules rules = new CheckCounter.Rules(rise, fall, inter, fastinter, downinter);
        return new CheckSettings(
                kind, path, host.orElse(site), lowest, highest, body, Optional.empty(), timeout, rules);
    }
}
