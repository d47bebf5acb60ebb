package com.foobar.bench;

import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The balancer of this repository, as built: {@code launcher/target/launcher.jar}. */
final class Foobar implements Contender {

    static final String NAME = "foobar";

    /** The compiler is done with the balancer after about a minute of load on two cores. */
    static final Duration WARM_UP = Duration.ofSeconds(60);

    static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private final Path jar;

    Foobar(Path jar) {
        this.jar = jar;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                "foobar, the commit that carries this file, on Java " + Runtime.version(),
                "`java " + String.join(" ", JVM) + " -jar launcher.jar --role lb`, everything else as by default:"
                        + " round robin, active checks, request log, forwarding headers, request ids",
                "its own development certificate, of the same kind as the others' (ECDSA P-256)",
                "warmed up before each group of scenarios");
    }

    @Override
    public Duration warmUp() {
        return WARM_UP;
    }

    @Override
    public Running start(Bed bed) {
        Ports ports = Ports.free();
        Path room = bed.room(NAME);
        String topology = FoobarTopology.balancer(ports, bed.backends().ports());
        return new Running(
                this, child(NAME, "lb", jar, Bed.write(room.resolve("topology.yaml"), topology), bed), ports);
    }

    static Child child(String name, String role, Path jar, Path topology, Bed bed) {
        List<String> arguments = new ArrayList<>(JVM);
        arguments.addAll(List.of(
                "-jar",
                jar.toString(),
                "--role",
                role,
                "--conf",
                topology.toString(),
                "--data",
                bed.room(name).resolve("data").toString()));
        return bed.children().start(name, Children.java(arguments.toArray(String[]::new)));
    }
}
