package com.foobar.lb.rule;

import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Layers;
import com.foobar.kernel.config.Problem;
import com.foobar.kernel.config.Reading;
import com.foobar.kernel.config.Settings;
import com.foobar.kernel.config.Text;
import java.util.List;
import java.util.Map;

/** Routes as a file says them: {@code a: {hosts: [x], path: /y}}, one per line. */
record Routes(@Doc("Routes by name.") Map<String, RouteSettings> routes) {

    static final Site SITE = new Site(List.of("www.foobar.com", "[::1]", "localhost"), 443);

    static Map<String, RouteSettings> of(String... lines) {
        Reading<Routes> reading = read(lines);
        return reading.value()
                .orElseThrow(() -> new AssertionError(reading.problems()))
                .routes();
    }

    static List<String> problems(String... lines) {
        return read(lines).problems().stream().map(Problem::line).toList();
    }

    private static Reading<Routes> read(String... lines) {
        String yaml = "routes:\n  " + String.join("\n  ", lines) + "\n";
        return Settings.read(Routes.class, new Layers(new Text("x.yaml", yaml), Map.of(), List.of()));
    }
}
