package com.foobar.appserver;

import com.foobar.appserver.data.DataSettings;
import com.foobar.appserver.deploy.ApplicationSettings;
import com.foobar.appserver.deploy.DeploySettings;
import com.foobar.appserver.session.SessionSettings;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Flat;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.Cidr;
import com.foobar.kernel.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The {@code appserver} section: what a process is started with, and what a reload may change. */
public record AppserverSettings(
        @Flat Fixed fixed,
        @Flat SessionSettings keeping,
        @Doc("How applications reach the database.") DataSettings data,
        @Doc(
                        "The admin ports that tell who is primary; by default the coordinators are asked through database-cluster.keeper-port.")
                List<HostPort> database,
        @Flat Live live) {

    /** Changes with a restart only. */
    public record Fixed(
            @Doc("The port of the first application server on a machine; further ones take the ports after it.")
                    @Default("8091")
                    @Range(min = 1, max = 65_535, of = "a port")
                    int port,
            @Doc("The folder of the applications: NAME.war or NAME/ is deployed at /NAME, ROOT at /, A#B at /A/B.")
                    @Default("site/apps")
                    Path apps,
            @Doc("Threads for requests, of each application server.") @Default("250") @Range(min = 16, max = 10_000)
                    int threads,
            @Doc("Requests that may wait for a thread; more get 503.") @Default("1024") @Range(min = 1, max = 1_000_000)
                    int queue,
            @Doc("Whether requests run on virtual threads where the JDK has good ones (24 and later).") @Default("true")
                    boolean virtualThreads,
            @Doc("How long a connection may be without a byte.") @Default("60s") Duration idle,
            @Doc("Request line and header fields together.") @Default("32KiB") ByteSize head,
            @Doc("The most that is read of a form. Uploads have the limits of their servlets.") @Default("1MiB")
                    ByteSize form,
            @Doc("The most fields of a form and parts of an upload.") @Default("1000") @Range(min = 1, max = 1_000_000)
                    int formFields) {}

    /** Changes with a reload. */
    public record Live(
            @Flat DeploySettings deploying,
            @Doc("What is particular to some applications, by name.") Map<String, ApplicationSettings> applications,
            @Doc("Who besides the web servers may say who the client is (Forwarded, X-Forwarded-*).")
                    List<Cidr> trusted) {}

    /** What only a restart changes. */
    List<Object> restartingParts() {
        return List.of(fixed, keeping, data, database);
    }

    AppserverSettings withApps(UnaryOperator<Path> place) {
        Fixed there = new Fixed(
                fixed.port,
                place.apply(fixed.apps),
                fixed.threads,
                fixed.queue,
                fixed.virtualThreads,
                fixed.idle,
                fixed.head,
                fixed.form,
                fixed.formFields);
        return new AppserverSettings(there, keeping, data, database, live);
    }
}
