package com.foobar.quorum;

import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.FaultProxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Voters of which each reaches every other through a link of its own. */
final class Links implements AutoCloseable {

    final Voters voters;
    private final Map<String, FaultProxy> links = new TreeMap<>();

    Links(Path folder, List<String> names) throws Exception {
        Map<String, HostPort> addresses = Voters.freshAddresses(names);
        voters = new Voters(folder, names.toArray(String[]::new));
        for (String from : names) {
            Map<String, HostPort> seen = new TreeMap<>();
            for (String to : names) {
                seen.put(to, from.equals(to) ? addresses.get(to) : link(from + to, addresses.get(to)));
            }
            RatisQuorum unused = voters.start(VoterSettings.of("orders", from, seen, folder.resolve(from)));
        }
    }

    private HostPort link(String ends, HostPort to) {
        FaultProxy link = FaultProxy.to(to.port());
        links.put(ends, link);
        return new HostPort("127.0.0.1", link.port());
    }

    /** To it and from it. */
    List<FaultProxy> of(String voter) {
        return links.entrySet().stream()
                .filter(link -> link.getKey().contains(voter))
                .map(Map.Entry::getValue)
                .toList();
    }

    void heal() {
        links.values().forEach(FaultProxy::heal);
    }

    @Override
    public void close() {
        voters.close();
        links.values().forEach(FaultProxy::close);
    }
}
