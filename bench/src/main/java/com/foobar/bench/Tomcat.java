package com.foobar.bench;

import com.foobar.bench.tomcat.TomcatServer;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.catalina.util.ServerInfo;

/** The yardstick of application servers: embedded Tomcat in a JVM of its own, under the same flags as ours. */
final class Tomcat implements Contender {

    static final String NAME = "tomcat";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> description() {
        return List.of(
                ServerInfo.getServerInfo() + " embedded, on Java " + Runtime.version() + ", `"
                        + String.join(" ", Foobar.JVM) + "`",
                "NIO connector, 200 threads as by default, no limit of requests per connection",
                "access log in the combined format, buffered, into a file",
                "HikariCP with " + TomcatServer.CONNECTIONS
                        + " read-only connections and the driver's settings that HikariCP advises (prepared on the server,"
                        + " cached, no round trip but the question)");
    }

    @Override
    public boolean does(Scenario.Tier tier) {
        return tier == Scenario.Tier.APPLICATION_SERVER;
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
        Ports ports = Ports.all(Ports.free().app());
        return new Running(this, child(NAME, bed, ports.app()), ports);
    }

    static Child child(String name, Bed bed, int port) {
        Path room = bed.room(name);
        Properties properties = new Properties();
        properties.setProperty(TomcatServer.PORT, Integer.toString(port));
        properties.setProperty(TomcatServer.FOLDER, room.toString());
        bed.database().ifPresent(database -> {
            properties.setProperty(TomcatServer.DATABASE, database.address());
            properties.setProperty(TomcatServer.USER, database.login().user());
            properties.setProperty(
                    TomcatServer.PASSWORD, database.login().password().reveal());
        });
        Path file = room.resolve("tomcat.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        List<String> arguments = new ArrayList<>(Foobar.JVM);
        arguments.addAll(List.of(
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                TomcatServer.class.getName(),
                file.toString()));
        return bed.children().start(name, Children.java(arguments.toArray(String[]::new)));
    }
}
