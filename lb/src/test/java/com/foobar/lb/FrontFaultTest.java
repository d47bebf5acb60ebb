package com.foobar.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.listen.Binding;
import com.foobar.http.listen.ErrorPages;
import com.foobar.http.listen.Limits;
import com.foobar.http.listen.Listener;
import com.foobar.http.listen.Listeners;
import com.foobar.http.listen.Trust;
import com.foobar.http.tier.Access;
import com.foobar.http.tier.TierMetrics;
import com.foobar.kernel.log.FileLimits;
import com.foobar.kernel.log.Journal;
import com.foobar.kernel.metrics.Metrics;
import com.foobar.kernel.time.SystemTime;
import com.foobar.lb.rule.RouteTable;
import com.foobar.lb.rule.Site;
import com.foobar.testkit.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.XnioWorker;

/** A fault of our own between the route and the pool, played by a route whose pool is missing. */
class FrontFaultTest {
    @TempDir
    Path data;

    @Test
    void faultBehindTheRouteGivesItsPlaceBack() throws Exception {
        LbPlan plan = Balancer.plan(1, List.of(), true, "routes: {one: {path: /, concurrent: 1}}");
        XnioWorker worker = Listeners.worker("fault", 1, 1);
        try (SystemTime time = new SystemTime("fault");
                Journal<Access> journal =
                        Journal.open(data, "access.jsonl", FileLimits.DEFAULT, time, unused -> {}, Access::line);
                Listeners listeners = new Listeners(worker, time, Limits.DEFAULT, new ErrorPages())) {
            RouteTable routes = RouteTable.of(plan.live().routes(), new Site(List.of(Balancer.SITE), 0));
            Front front = new Front(
                    "lb1",
                    new Front.Ways(routes, Map.of(), Trust.NOBODY, false),
                    new ErrorPages(),
                    new TierMetrics(Metrics.create(), "lb"),
                    journal,
                    time);
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Listener listener = listeners.bind(Binding.http("lb.http", any), front);
            listener.open();
            for (int i = 0; i < 3; i++) {
                try (RawHttp client = RawHttp.connect(listener.address())) {
                    assertThat(Balancer.get(client, "/").status()).isEqualTo(500);
                }
            }
        } finally {
            worker.shutdownNow();
        }
    }
}
