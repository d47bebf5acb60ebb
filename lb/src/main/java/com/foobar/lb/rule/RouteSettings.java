package com.foobar.lb.rule;

import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.ByteSize;
import com.foobar.kernel.value.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One route, under {@code lb.routes.NAME}. */
public record RouteSettings(
        @Doc("The hosts it is for, such as www.example.com or *.example.com; the site's own when none is given.")
                List<String> hosts,
        @Doc("The beginning of the path, by whole segments: /api covers /api/x but not /apix.") @Default("/")
                String path,
        @Doc("The pool that answers.") @Default("web") String pool,
        @Doc(
                        "Sends the client elsewhere: https for the same address on HTTPS, or what replaces the path: a path or a URL.")
                Optional<String> redirect,
        @Doc("The status of the redirect: 301, 302, 307 or 308.") @Default("308") int redirectStatus,
        @Doc("Headers set on the way to the pool.") Map<String, String> setRequestHeaders,
        @Doc("Headers set on the way to the client.") Map<String, String> setResponseHeaders,
        @Doc("Headers taken off on the way to the pool.") List<String> removeRequestHeaders,
        @Doc("Headers taken off on the way to the client.") List<String> removeResponseHeaders,
        @Doc("How often one client address may come, such as 100/s or 600/m; IPv6 by /64. Unlimited when not given.")
                Optional<Rate> rate,
        @Doc("How many requests may come at once within the rate; by default what it allows in one second.")
                @Range(min = 1, max = 100_000)
                Optional<Integer> burst,
        @Doc("How many requests may be under way at once; 0 for no limit.")
                @Default("0")
                @Range(min = 0, max = 1_000_000)
                int concurrent,
        @Doc("The largest request body; 0 for no limit.") @Default("10MiB") ByteSize body,
        @Doc("The only networks that may come; everyone when empty.") List<Cidr> allow,
        @Doc("Networks that may not come, even when allowed.") List<Cidr> deny,
        @Doc("Answers 503 to everyone.") @Default("false") boolean maintenance)
        implements Checked {

    /** Everything as in a file that says nothing; what a host without a matching route gets. */
    static final RouteSettings NONE = new RouteSettings(
            List.of(),
            "/",
            "web",
            Optional.empty(),
            308,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            0,
            new ByteSize(10 << 20),
            List.of(),
            List.of(),
            false);

    @Override
    public void check(Problems problems) {
        for (int i = 0; i < hosts.size(); i++) {
            if (HostName.pattern(hosts.get(i)) == null) {
                problems.error(
                        "hosts", hosts.get(i), "a host without port, such as www.example.com, *.example.com or [::1]");
            }
        }
        if (!PathPrefix.legal(path)) {
            problems.error("path", path, "a path such as /api: from the root, no empty or dot segments, no query");
        }
        redirect.ifPresent(target -> {
            if (!Redirect.legal(target)) {
                problems.error(
                        "redirect", target, "https, a path such as /new or a URL such as https://www.example.com/new");
            }
        });
        if (!(redirectStatus == 301 || redirectStatus == 302 || redirectStatus == 307 || redirectStatus == 308)) {
            problems.error("redirect-status", Integer.toString(redirectStatus), "301, 302, 307 or 308");
        }
        if (burst.isPresent() && rate.isEmpty()) {
            problems.error("burst", "given without rate, which it is a part of");
        }
        new HeaderRules(setRequestHeaders, removeRequestHeaders).check("request-headers", problems);
        new HeaderRules(setResponseHeaders, removeResponseHeaders).check("response-headers", problems);
    }

    /** The limit of a body as the listener counts it. */
    public long mostBody() {
        return body.bytes() == 0 ? Long.MAX_VALUE : body.bytes();
    }

    int effectiveBurst(Rate limit) {
        return burst.orElse(Math.min(100_000, limit.perSecond()));
    }
}
