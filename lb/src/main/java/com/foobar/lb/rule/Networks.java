package com.foobar.lb.rule;

import com.foobar.kernel.value.Cidr;
import java.util.List;

/** Networks laid out for asking: {@link Cidr#contains} copies two arrays each time, and a list may hold hundreds. */
final class Networks {
    private final byte[][] networks;
    private final int[] prefixes;

    Networks(List<Cidr> cidrs) {
        networks = new byte[cidrs.size()][];
        prefixes = new int[cidrs.size()];
        for (int i = 0; i < networks.length; i++) {
            networks[i] = cidrs.get(i).network().getAddress();
            prefixes[i] = cidrs.get(i).prefix();
        }
    }

    boolean contain(byte[] address) {
        for (int i = 0; i < networks.length; i++) {
            if (networks[i].length == address.length && same(networks[i], address, prefixes[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] network, byte[] address, int prefix) {
        int whole = prefix >> 3;
        for (int i = 0; i < whole; i++) {
            if (network[i] != address[i]) {
                return false;
            }
        }
        int rest = prefix & 7;
        return rest == 0 || ((network[whole] ^ address[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
