package com.foobar.launcher.topology;

import com.foobar.appserver.AppserverSettings;
import com.foobar.database.DatabaseSettings;
import com.foobar.http.transport.Fabric;
import com.foobar.kernel.config.Checked;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Problems;
import com.foobar.lb.LbSettings;
import com.foobar.webserver.WebserverSettings;
import java.util.Map;

/** The one file every machine gets: who is there, and how each role behaves. */
public record Topology(
        @Doc("The host name of the site.") @Default("www.foobar.com") String site,
        @Doc("Whether answers name the servers that made them (X-Served-By); for demonstrations only.")
                @Default("false")
                boolean expose,
        @Doc(
                        "How tiers of one process reach each other: auto calls them directly, sockets goes through the network as between machines.")
                @Default("auto")
                Fabric.Kind fabric,
        @Doc("The machines by name.") Map<String, Server> servers,
        @Doc("The load balancer.") LbSettings lb,
        @Doc("The web tier.") WebserverSettings webserver,
        @Doc("The application tier.") AppserverSettings appserver,
        @Doc("The database cluster.") DatabaseSettings databaseCluster,
        @Doc("The admin port of each process.") AdminSettings admin)
        implements Checked {

    @Override
    public void check(Problems problems) {
        TopologyRules.check(this, problems);
    }
}
