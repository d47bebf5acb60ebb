package com.foobar.http.listen;

import com.foobar.kernel.value.Cidr;
import java.net.InetAddress;
import java.util.List;

/** Whose word about a client is believed: the other tiers, a CDN, a balancer in front. */
@FunctionalInterface
public interface Trust {

    /** Believes nobody. */
    Trust NOBODY = peer -> false;

    /** Believes those of some networks. */
    static Trust in(List<Cidr> networks) {
        List<Cidr> known = List.copyOf(networks);
        return known.isEmpty()
                ? NOBODY
                : peer -> {
                    for (Cidr network : known) {
                        if (network.contains(peer)) {
                            return true;
                        }
                    }
                    return false;
                };
    }

    boolean trusts(InetAddress peer);
}
