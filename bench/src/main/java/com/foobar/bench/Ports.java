package com.foobar.bench;

import com.foobar.testkit.FreePorts;
import java.util.List;

/** Where a contender listens on loopback. */
record Ports(int http, int https) {

    static Ports free() {
        List<Integer> block = FreePorts.block(2);
        return new Ports(block.get(0), block.get(1));
    }

    int of(boolean secure) {
        return secure ? https : http;
    }
}
