package com.foobar.webserver;

import com.foobar.http.tier.Check;
import com.foobar.http.tier.Ejections;
import com.foobar.http.tier.Limits;
import com.foobar.http.tier.Retries;
import com.foobar.http.tier.Timeouts;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Flat;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.Cidr;
import com.foobar.webserver.files.FileCacheSettings;
import com.foobar.webserver.files.SiteSettings;
import com.foobar.webserver.upload.UploadSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The {@code webserver} section: what a process is started with, and what a reload may change. */
public record WebserverSettings(@Flat Fixed fixed, @Flat Live live) {

    /** Changes with a restart only. */
    public record Fixed(
            @Doc("The port of the first web server on a machine; further ones take the ports after it.")
                    @Default("8081")
                    @Range(min = 1, max = 65_535, of = "a port")
                    int port,
            @Doc("Threads that move bytes, of each web server; 0 takes one for each core.")
                    @Default("0")
                    @Range(min = 0, max = 256)
                    int ioThreads,
            @Doc("Threads that open and compress files and write large uploads to disk.")
                    @Default("4")
                    @Range(min = 1, max = 256)
                    int diskThreads) {}

    /** Changes with a reload. */
    public record Live(
            @Flat SiteSettings main,
            @Doc("Further sites by name.") Map<String, SiteSettings> sites,
            @Doc("What is kept of files in memory.") FileCacheSettings cache,
            @Doc("What becomes of request bodies on their way to the application.") UploadSettings uploads,
            @Doc("Who besides the balancers may say who the client is (Forwarded, X-Forwarded-*).") List<Cidr> trusted,
            @Doc("Whether the application servers of the same machine are asked as long as one of them is usable.")
                    @Default("true")
                    boolean preferLocal,
            @Doc("How long is waited for what of an application server.") Timeouts timeouts,
            @Doc("When a failed request is sent to another application server.") Retries retries,
            @Doc("How application servers are asked whether they are well.") Check check,
            @Doc("When application servers that fail real requests are put aside.") Ejections ejection,
            @Doc("What is refused, and from which size on.") Limits limits) {}

    WebserverSettings withRoots(UnaryOperator<Path> place) {
        Map<String, SiteSettings> placed = new LinkedHashMap<>();
        live.sites.forEach((name, site) -> placed.put(name, site.withRoot(place)));
        return new WebserverSettings(
                fixed,
                new Live(
                        live.main.withRoot(place),
                        placed,
                        live.cache,
                        live.uploads,
                        live.trusted,
                        live.preferLocal,
                        live.timeouts,
                        live.retries,
                        live.check,
                        live.ejection,
                        live.limits));
    }
}
