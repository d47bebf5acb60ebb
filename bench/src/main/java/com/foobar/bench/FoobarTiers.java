package com.foobar.bench;

import com.foobar.testkit.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The application server of this repository, alone or with the tiers before it in one JVM. */
record FoobarTiers(Kind kind, Path jar) implements Contender {

    static final String APP = "foobar-app";
    static final String WEB_APP = "foobar-web-app";
    static final String ALL = "foobar-all";

    /** Which tiers are in the JVM, and so through what a request has come when a servlet gets it. */
    enum Kind {
        APP(FoobarTiers.APP, "app", "asked over its own socket connector, as a web server on another machine would"),
        WEB_APP(
                FoobarTiers.WEB_APP,
                "web,app",
                "asked at the web server's port: in the figure is all that the web server does (it looks for a file, balances, logs)"
                        + " and the application server behind it, reached by the direct transport"),
        ALL(
                FoobarTiers.ALL,
                "lb,web,app",
                "three tiers in one JVM, each reached from the one before by the direct transport; as an application server asked at"
                        + " its web server's port, as a chain at its balancer's");

        private final String word;
        private final String roles;
        private final String sentence;

        Kind(String word, String roles, String sentence) {
            this.word = word;
            this.roles = roles;
            this.sentence = sentence;
        }
    }

    @Override
    public String name() {
        return kind.word;
    }

    @Override
    public List<String> description() {
        return List.of("the same jar and flags with `--role " + kind.roles + "`, else as by default", kind.sentence);
    }

    @Override
    public boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.APPLICATION_SERVER || (tier == Scenario.Tier.CHAIN && kind == Kind.ALL);
    }

    @Override
    public String readyPath() {
        return Pages.HELLO;
    }

    @Override
    public Duration warmUp() {
        return Foobar.WARM_UP;
    }

    @Override
    public Running start(Bed bed) {
        Ports free = Ports.free();
        Path room = bed.room(name());
        Path apps = Pages.deploy(room.resolve("apps"));
        String topology = FoobarTopology.tiers(free, bed.files(), apps, bed.database());
        Child child = Foobar.child(name(), kind.roles, jar, Bed.write(room.resolve("topology.yaml"), topology), bed);
        return new Running(this, child, answering(free));
    }

    private Ports answering(Ports all) {
        return switch (kind) {
            case APP -> Ports.all(all.app());
            case WEB_APP -> Ports.all(all.web());
            case ALL -> new Ports(all.http(), all.https(), all.web(), all.web());
        };
    }
}
