package com.foobar.bench;

import com.foobar.testkit.FreePorts;
import java.util.List;

/**
 * Where a contender listens on loopback.
 *
 * @param web where it does a web server's work: files first
 */
record Ports(int http, int https, int web) {

    static Ports free() {
        List<Integer> block = FreePorts.block(3);
        return new Ports(block.get(0), block.get(1), block.get(2));
    }

    int of(Scenario scenario) {
        if (scenario.group().tier() == Scenario.Tier.WEB) {
            return web;
        }
        return scenario.secure() ? https : http;
    }
}
