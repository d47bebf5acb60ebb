package com.foobar.kernel.tls;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names and addresses a certificate shall speak for, in a fixed order, each once. */
public record ServerNames(List<String> dns, List<InetAddress> addresses) {

    private static final Pattern DNS_NAME = Pattern.compile(
            "(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    public ServerNames {
        dns = dns.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .distinct()
                .toList();
        TreeSet<InetAddress> unique = new TreeSet<>(Comparator.comparing(InetAddress::getHostAddress));
        unique.addAll(addresses);
        addresses = List.copyOf(unique);
        if (dns.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs at least one name or address");
        }
        for (String name : dns) {
            if (name.length() > 253 || !DNS_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not a DNS name (write other alphabets as xn--...)");
            }
        }
    }

    public static ServerNames of(Collection<String> dns, Collection<InetAddress> addresses) {
        return new ServerNames(List.copyOf(dns), List.copyOf(addresses));
    }

    /** Whether the material speaks for exactly these: one name too many is a promise that somebody took back. */
    boolean areThoseOf(KeyMaterial material) {
        List<String> wanted =
                addresses.stream().map(InetAddress::getHostAddress).sorted().toList();
        return List.copyOf(material.dnsNames()).equals(dns)
                && List.copyOf(material.addresses()).equals(wanted);
    }

    /** For the subject: a common name ends at 64 characters, and clients read only the alternative names anyway. */
    String first() {
        String first = dns.isEmpty() ? addresses.get(0).getHostAddress() : dns.get(0);
        return first.length() <= 64 ? first : "server";
    }
}
