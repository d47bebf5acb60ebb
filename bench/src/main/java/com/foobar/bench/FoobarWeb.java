package com.foobar.bench;

import com.foobar.testkit.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The web server of this repository in a process of its own, before the same two backends as its application servers. */
final class FoobarWeb implements Contender {

    static final String NAME = "foobar-web";

    private final Path jar;

    FoobarWeb(Path jar) {
        this.jar = jar;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                "the same jar with `--role web`, everything else as by default: checks of the application servers, request log,"
                        + " uploads held, forwarding headers, request ids");
    }

    @Override
    public boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.WEB;
    }

    @Override
    public Duration warmUp() {
        return Foobar.WARM_UP;
    }

    @Override
    public Running start(Bed bed) {
        Ports ports = Ports.free();
        Path room = bed.room(NAME);
        String topology = FoobarTopology.web(ports, bed.backends().ports(), bed.files());
        Child child = Foobar.child(NAME, "web", jar, Bed.write(room.resolve("topology.yaml"), topology), bed);
        // It has no balancer's port: whoever asks whether it is ready asks the web server.
        return new Running(this, child, Ports.all(ports.web()));
    }
}
