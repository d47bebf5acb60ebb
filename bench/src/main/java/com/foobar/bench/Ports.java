package com.foobar.bench;

import com.foobar.testkit.FreePorts;
import java.util.List;

/**
 * Where a contender listens on loopback.
 *
 * @param web where it does a web server's work: files first
 * @param app where it answers as an application server
 */
record Ports(int http, int https, int web, int app) {

    static Ports free() {
        List<Integer> block = FreePorts.block(4);
        return new Ports(block.get(0), block.get(1), block.get(2), block.get(3));
    }

    /** Of somebody who listens on one port only, whatever it is asked for. */
    static Ports all(int port) {
        return new Ports(port, port, port, port);
    }

    int of(Scenario scenario) {
        return switch (scenario.group().tier()) {
            case BALANCER -> scenario.secure() ? https : http;
            case WEB -> web;
            case APPLICATION_SERVER -> app;
            case CHAIN -> http;
        };
    }
}
