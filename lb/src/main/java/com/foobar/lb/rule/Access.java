package com.foobar.lb.rule;

import com.foobar.kernel.value.Cidr;
import java.net.InetAddress;
import java.util.List;

/** Who may: nobody in {@code deny}; of the others, those in {@code allow}, or everyone when that is empty. */
public final class Access {
    private static final Access OPEN = new Access(List.of(), List.of());

    private final Networks allow;
    private final Networks deny;
    private final boolean open;
    private final boolean listed;

    private Access(List<Cidr> allow, List<Cidr> deny) {
        this.allow = new Networks(allow);
        this.deny = new Networks(deny);
        this.listed = !allow.isEmpty();
        this.open = allow.isEmpty() && deny.isEmpty();
    }

    public static Access of(List<Cidr> allow, List<Cidr> deny) {
        return allow.isEmpty() && deny.isEmpty() ? OPEN : new Access(allow, deny);
    }

    public boolean admits(InetAddress client) {
        if (open) {
            return true;
        }
        byte[] octets = client.getAddress();
        return !deny.contain(octets) && (!listed || allow.contain(octets));
    }
}
