package com.foobar.http.listen;

import java.net.InetAddress;

/** Whose word about a client is believed: the other tiers, a CDN, a balancer in front. */
@FunctionalInterface
public interface Trust {

    /** Believes nobody. */
    Trust NOBODY = peer -> false;

    boolean trusts(InetAddress peer);
}
