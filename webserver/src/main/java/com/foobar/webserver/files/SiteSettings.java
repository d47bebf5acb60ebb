package com.foobar.webserver.files;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.Alphabet;
import com.foobar.kernel.value.ByteSize;
import com.foobar.webserver.answer.CachePolicy;
import com.foobar.webserver.answer.Coding;
import com.foobar.webserver.answer.FileName;
import com.foobar.webserver.answer.MediaTypes;
import com.foobar.webserver.answer.PathPattern;
import com.foobar.webserver.answer.SiteHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One site: which files it has and how they are served. */
public record SiteSettings(
        @Doc("The hosts it is for, such as www.example.com or *.example.com; * for every host no other site names.")
                List<String> hosts,
        @Doc("The folder of its files; nothing outside of it is ever served.") @Default("site/public") Path root,
        @Doc("What stands for a folder, the first that exists.") @Default("index.html") List<String> index,
        @Doc("The page of a single-page application, given to browsers that navigate to a path without a file.")
                Optional<String> spa,
        @Doc("Error pages by status, each a file below the root, such as 404: errors/404.html.")
                Map<String, String> errors,
        @Doc(
                        "Cache-Control by pattern, the first that fits: /assets/** is a path, *.pdf a name. Without any, names with a hash are kept for good and all else is asked about each time.")
                Map<String, String> cacheControl,
        @Doc("Media types by extension, over the built-in ones.") Map<String, String> types,
        @Doc("Compressed neighbours that are looked for: br, zst, gz.") @Default("br,zst,gz")
                List<Coding> precompressed,
        @Doc("Whether text without a neighbour is compressed when it is first asked for.") @Default("true")
                boolean gzip,
        @Doc("The smallest text worth compressing.") @Default("1KiB") ByteSize gzipFrom,
        @Doc("The largest text compressed here; larger ones need a neighbour.") @Default("4MiB") ByteSize gzipUpTo,
        @Doc("How many ranges one request may ask for; beyond it gets the whole file.")
                @Default("16")
                @Range(min = 1, max = 100)
                int ranges)
        implements Checked {

    /** Everything as in a file that names only hosts and root. */
    public static SiteSettings of(Path root, String... hosts) {
        return new SiteSettings(
                List.of(hosts),
                root,
                List.of("index.html"),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(Coding.values()),
                true,
                new ByteSize(1 << 10),
                new ByteSize(4 << 20),
                16);
    }

    /** The same site for further hosts. */
    public SiteSettings withHosts(List<String> further) {
        List<String> all = new ArrayList<>(hosts);
        all.addAll(further);
        return changed(List.copyOf(all), root);
    }

    /** The same site with its folder where it is on this machine. */
    public SiteSettings withRoot(UnaryOperator<Path> place) {
        return changed(hosts, place.apply(root));
    }

    private SiteSettings changed(List<String> otherHosts, Path otherRoot) {
        return new SiteSettings(
                otherHosts,
                otherRoot,
                index,
                spa,
                errors,
                cacheControl,
                types,
                precompressed,
                gzip,
                gzipFrom,
                gzipUpTo,
                ranges);
    }

    @Override
    public void check(Problems problems) {
        for (String host : hosts) {
            if (SiteHost.pattern(host) == null) {
                problems.error("hosts", host, "a host without port, such as www.example.com, *.example.com or *");
            }
        }
        for (String name : index) {
            if (name.indexOf('/') >= 0 || !servable(name)) {
                problems.error("index", name, "the name of a file, such as index.html");
            }
        }
        spa.filter(page -> !servable(page)).ifPresent(page -> problems.error("spa", page, "a file below the root"));
        errors.forEach((status, page) -> {
            String key = Problems.key("errors", status);
            if (status.length() != 3
                    || !Alphabet.DIGITS.spells(status)
                    || (status.charAt(0) != '4' && status.charAt(0) != '5')) {
                problems.error(key, "expected a status from 400 to 599 as the key");
            }
            if (!servable(page)) {
                problems.error(key, page, "a file below the root");
            }
        });
        cacheControl.forEach((pattern, value) -> {
            String key = Problems.key("cache-control", pattern);
            if (!PathPattern.legal(pattern)) {
                problems.error(key, "expected a path such as /assets/** or a name such as *.pdf as the key");
            }
            if (!CachePolicy.legal(value)) {
                problems.error(key, value, "directives such as public, max-age=3600");
            }
        });
        types.forEach((extension, type) -> {
            if (!MediaTypes.legal(type)) {
                problems.error(Problems.key("types", extension), type, "a media type such as text/html");
            }
        });
        if (gzipUpTo.bytes() > Integer.MAX_VALUE / 2) {
            problems.error("gzip-up-to", gzipUpTo.toString(), "at most 1GiB: it is compressed in memory");
        }
    }

    /** As it stands in a path of a request, with or without its first slash. */
    private static boolean servable(String page) {
        String path = page.startsWith("/") ? page : "/" + page;
        return FileName.of(path) != null && !path.endsWith("/");
    }
}
