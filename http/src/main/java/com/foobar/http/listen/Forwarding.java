package com.foobar.http.listen;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * PURE. Who the client is and what to tell the next tier about it. Headers are believed hop by hop, from the nearest: as long
 * as the one who speaks is trusted, what it says about the one before it counts; the first that is not trusted is the client,
 * and whatever it claims about others is dropped.
 *
 * @param hops the client, then every hop that was believed
 * @param scheme {@code http} or {@code https}, as the client used it
 * @param host as the client asked for it
 */
public record Forwarding(List<InetAddress> hops, String scheme, String host) {

    /** Nobody has so many hops; who claims to is playing. */
    private static final int MOST_HOPS = 32;

    /** One hop as a header tells it; what is null was not told or is not usable. */
    record Hop(@Nullable InetAddress address, @Nullable String scheme, @Nullable String host) {}

    public static Forwarding of(InetAddress peer, Trust trust, Received received) {
        boolean nothing = received.forwarded() == null
                && received.forwardedFor() == null
                && received.forwardedProto() == null
                && received.forwardedHost() == null;
        if (nothing || !trust.trusts(peer)) {
            return bare(peer, received);
        }
        List<Hop> standard = received.forwarded() == null ? null : ForwardedField.read(received.forwarded(), MOST_HOPS);
        List<Hop> usual = received.forwardedFor() == null ? null : addresses(received.forwardedFor());
        if (received.forwardedFor() == null && received.forwarded() != null) {
            return standard == null ? bare(peer, received) : walk(peer, trust, received, standard, null);
        }
        Forwarding told = walk(peer, trust, received, usual == null ? List.of() : usual, received);
        if (standard == null) {
            return told;
        }
        // A hop that writes one of the two and passes the other on unread would let the client choose: believe neither.
        Forwarding other = walk(peer, trust, received, standard, null);
        return other.client().equals(told.client()) ? told : bare(peer, received);
    }

    /** Whether nobody told of the client: it is the peer itself. */
    public boolean direct() {
        return hops.size() == 1;
    }

    /** As a tier reads it that got it from this one, by way of a peer whose word it takes. */
    public Forwarding through(InetAddress peer) {
        List<InetAddress> further = new ArrayList<>(hops.size() + 1);
        further.addAll(hops);
        further.add(peer);
        return new Forwarding(further, scheme, host);
    }

    /** The address that rules and limits see. */
    public InetAddress client() {
        return hops.get(0);
    }

    /** The X-Forwarded-For to send on. */
    public String forwardedFor() {
        if (direct()) {
            return text(client());
        }
        StringJoiner chain = new StringJoiner(", ");
        hops.forEach(hop -> chain.add(text(hop)));
        return chain.toString();
    }

    /** The RFC 7239 header to send on. */
    public String forwarded() {
        StringBuilder out = new StringBuilder(64);
        out.append("for=");
        InetAddress client = client();
        if (client instanceof Inet6Address) {
            out.append("\"[").append(text(client)).append("]\"");
        } else {
            out.append(text(client));
        }
        if (!host.isEmpty()) {
            out.append(";host=\"").append(host).append('"');
        }
        return out.append(";proto=").append(scheme).toString();
    }

    private static Forwarding bare(InetAddress peer, Received received) {
        return new Forwarding(List.of(peer), received.scheme(), received.host());
    }

    private static Forwarding walk(
            InetAddress peer, Trust trust, Received received, List<Hop> hops, @Nullable Received sides) {
        InetAddress client = peer;
        List<InetAddress> believed = new ArrayList<>(4);
        believed.add(peer);
        String scheme = null;
        String host = null;
        for (int i = hops.size() - 1; i >= 0 && trust.trusts(client); i--) {
            Hop hop = hops.get(i);
            scheme = hop.scheme() == null ? scheme : hop.scheme();
            host = hop.host() == null ? host : hop.host();
            InetAddress address = hop.address();
            if (address == null) {
                break;
            }
            client = address;
            believed.add(address);
        }
        Collections.reverse(believed);
        if (sides != null) {
            scheme = scheme(last(sides.forwardedProto()));
            host = host(last(sides.forwardedHost()));
        }
        return new Forwarding(
                believed, scheme == null ? received.scheme() : scheme, host == null ? received.host() : host);
    }

    /** The hops of an X-Forwarded-For; one that is no address ends what can be believed, and stands as null. */
    private static List<Hop> addresses(String list) {
        List<Hop> hops = new ArrayList<>(4);
        int to = list.length();
        while (to >= 0 && hops.size() < MOST_HOPS) {
            int comma = list.lastIndexOf(',', to - 1);
            hops.add(0, new Hop(node(list.substring(comma + 1, to).trim()), null, null));
            to = comma;
        }
        return hops;
    }

    /** An address as hops write it: bare, in brackets, with a port or without. Null for {@code unknown}, {@code _x}, rubbish. */
    static @Nullable InetAddress node(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end > 0 && portOrNothing(text, end + 1) ? IpText.six(text.substring(1, end)) : null;
        }
        int colon = text.indexOf(':');
        if (colon >= 0 && colon == text.lastIndexOf(':')) {
            return portOrNothing(text, colon) ? IpText.four(text.substring(0, colon)) : null;
        }
        return IpText.any(text);
    }

    private static boolean portOrNothing(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        int digits = text.length() - at - 1;
        if (text.charAt(at) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        for (int i = at + 1; i < text.length(); i++) {
            if (!Octets.digit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static @Nullable String scheme(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https") ? lower : null;
    }

    static @Nullable String host(@Nullable String text) {
        return Authority.valid(text) ? text : null;
    }

    /** Of a list, what the nearest hop wrote. */
    private static @Nullable String last(@Nullable String list) {
        return list == null ? null : list.substring(list.lastIndexOf(',') + 1).trim();
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
