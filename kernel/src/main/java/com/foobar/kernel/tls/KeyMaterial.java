package com.foobar.kernel.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server shows and proves: a private key and its certificate chain, leaf first. Whoever made it has checked that key
 * and chain belong together (see {@link KeyMaterialReader}).
 */
public record KeyMaterial(PrivateKey privateKey, List<X509Certificate> chain) {

    private static final int SAN_DNS = 2;
    private static final int SAN_IP = 7;

    public KeyMaterial {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("key material without a certificate");
        }
    }

    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** When the first certificate of the chain stops being valid: an expired intermediate breaks clients just as well. */
    public Instant notAfter() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    public Instant notBefore() {
        return chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** The names it speaks for, in lower case, {@code *.foobar.com} included. The common name counts for nothing nowadays. */
    public Set<String> dnsNames() {
        Set<String> names = new TreeSet<>();
        alternativeNames(SAN_DNS).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** The addresses it speaks for, as {@code InetAddress} writes them. */
    public Set<String> addresses() {
        Set<String> addresses = new TreeSet<>();
        for (String address : alternativeNames(SAN_IP)) {
            try {
                // A literal address: this never asks a name server.
                addresses.add(InetAddress.getByName(address).getHostAddress());
            } catch (UnknownHostException unreadable) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** SHA-256 of the leaf, as {@code openssl x509 -fingerprint -sha256} shows it but for the colons. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded());
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException("every JDK has SHA-256 and can write what it has read", impossible);
        }
    }

    /**
     * What is wrong with its dates at this moment, as a sentence. Not an error of reading: whether to serve an expired
     * certificate (worse than a new one, better than none) is for the reader of the sentence to decide.
     */
    public Optional<String> complaint(Instant now) {
        if (now.isBefore(notBefore())) {
            return Optional.of("the certificate of " + subject() + " is not valid before " + notBefore()
                    + ": check the clock of this machine, it says " + now);
        }
        if (now.isAfter(notAfter())) {
            return Optional.of("the certificate of " + subject() + " expired at " + notAfter() + ", "
                    + Duration.between(notAfter(), now).toDays() + " days ago: clients refuse it, renew it");
        }
        return Optional.empty();
    }

    /** The key stays out of every log. */
    @Override
    public String toString() {
        return subject() + ", " + privateKey.getAlgorithm() + ", valid until " + notAfter() + ", SHA-256 "
                + fingerprint();
    }

    private String subject() {
        Set<String> names = dnsNames();
        return names.isEmpty() ? leaf().getSubjectX500Principal().getName() : String.join(", ", names);
    }

    private List<String> alternativeNames(int type) {
        try {
            Collection<List<?>> names = leaf().getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(type))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }
}
