package com.foobar.kernel.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the members of a closed group show each other: each a certificate of its own, all signed by one authority. Judged here as the
 * others will judge it, so that what is wrong is said once and in words, and not by every other member as a broken handshake.
 */
public final class MutualTls {

    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final Set<String> PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final Set<String> COMMON_KEYS = Set.of("EC", "RSA");
    private static final int DIGITAL_SIGNATURE = 0;

    /** Long enough for a restart of each machine in turn, at an hour of somebody's choice. */
    private static final Duration SOON = Duration.ofDays(30);

    private final Path certificate;
    private final KeyMaterial own;
    private final Path authority;
    private final List<X509Certificate> trusted;

    private MutualTls(Path certificate, KeyMaterial own, Path authority, List<X509Certificate> trusted) {
        this.certificate = certificate;
        this.own = own;
        this.authority = authority;
        this.trusted = trusted;
    }

    /**
     * Reads the three PEM files; certificate and key may be one.
     *
     * @param authority one or, while one replaces another, several
     */
    public static MutualTls read(Path certificate, Path key, Path authority, Instant now) throws TlsMaterialException {
        KeyMaterial own = KeyMaterialReader.pem(certificate, key);
        List<X509Certificate> trusted = KeyMaterialReader.certificates(authority);
        MutualTls tls = new MutualTls(certificate, own, authority, trusted);
        tls.requireDates(now);
        tls.requireCommonKeys();
        tls.requireAuthority(now);
        tls.requireSignature(now);
        tls.requirePurposes();
        return tls;
    }

    private void requireDates(Instant now) throws TlsMaterialException {
        Optional<String> complaint = own.complaint(now);
        if (complaint.isPresent()) {
            throw new TlsMaterialException(
                    certificate, complaint.get(), "have a new one signed by the authority in " + authority);
        }
    }

    /** Members need not be of Java, and wolfSSL as MariaDB's builds carry it takes no others. */
    private void requireCommonKeys() throws TlsMaterialException {
        requireCommonKeys(certificate, own.chain());
        requireCommonKeys(authority, trusted);
    }

    private static void requireCommonKeys(Path file, List<X509Certificate> certificates) throws TlsMaterialException {
        for (X509Certificate one : certificates) {
            String algorithm = one.getPublicKey().getAlgorithm();
            if (!COMMON_KEYS.contains(algorithm)) {
                throw new TlsMaterialException(
                        file,
                        "the certificate of " + one.getSubjectX500Principal() + " has a key of the kind " + algorithm
                                + ", which not every member can read",
                        "make one with an EC or RSA key: openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 ...");
            }
        }
    }

    private void requireAuthority(Instant now) throws TlsMaterialException {
        for (X509Certificate one : trusted) {
            if (one.getBasicConstraints() < 0) {
                throw new TlsMaterialException(
                        authority,
                        one.getSubjectX500Principal() + " is no authority: it may not sign certificates",
                        "name the certificate that signed those of the machines; one is made by: openssl req -x509 ...");
            }
        }
        if (trusted.stream().noneMatch(one -> isValid(one, now))) {
            throw new TlsMaterialException(
                    authority,
                    "the authority " + trusted.get(0).getSubjectX500Principal() + " is valid from "
                            + trusted.get(0).getNotBefore().toInstant() + " to "
                            + trusted.get(0).getNotAfter().toInstant() + ", and now is " + now,
                    "check the clock of this machine, or make a new authority and new certificates for all machines");
        }
    }

    private static boolean isValid(X509Certificate one, Instant now) {
        return !now.isBefore(one.getNotBefore().toInstant())
                && !now.isAfter(one.getNotAfter().toInstant());
    }

    private void requireSignature(Instant now) throws TlsMaterialException {
        try {
            Set<TrustAnchor> anchors = trusted.stream()
                    .filter(one -> isValid(one, now))
                    .map(one -> new TrustAnchor(one, null))
                    .collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            // The authority itself is often the end of a chain file.
            List<X509Certificate> below =
                    own.chain().stream().filter(one -> !trusted.contains(one)).toList();
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(below);
            Object unused = CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (CertPathValidatorException notSigned) {
            throw new TlsMaterialException(
                    certificate,
                    "the certificate of " + own.leaf().getSubjectX500Principal() + " is not signed by the authority in "
                            + authority + " (" + notSigned.getMessage() + ")",
                    "have it signed by that authority, with its intermediates behind it, or name the authority that signed it",
                    notSigned);
        } catch (GeneralSecurityException unexpected) {
            throw new TlsMaterialException(
                    certificate, "it cannot be verified: " + unexpected, "use a full JDK 17", unexpected);
        }
    }

    /** Each member calls and is called. */
    private void requirePurposes() throws TlsMaterialException {
        boolean[] usage = own.leaf().getKeyUsage();
        Set<String> lacking = new HashSet<>(PURPOSES);
        try {
            List<String> purposes = own.leaf().getExtendedKeyUsage();
            if (purposes == null || purposes.contains(ANY_PURPOSE)) {
                lacking.clear();
            } else {
                lacking.removeAll(purposes);
            }
        } catch (CertificateParsingException unreadable) {
            throw new TlsMaterialException(
                    certificate, "its purposes cannot be read", "have it signed anew", unreadable);
        }
        if (!lacking.isEmpty() || (usage != null && !usage[DIGITAL_SIGNATURE])) {
            throw new TlsMaterialException(
                    certificate,
                    "the certificate is not for both ends of a connection: machines call each other, and both show it",
                    "have it signed with extendedKeyUsage=serverAuth,clientAuth and, if any, keyUsage=digitalSignature");
        }
    }

    /** The others look for the very address that they call, as it is written in their configuration. */
    public void requireSpeaksFor(String host) throws TlsMaterialException {
        Set<String> dns = own.dnsNames();
        String name = host.toLowerCase(Locale.ROOT);
        boolean speaks = isAddress(host)
                ? own.addresses().contains(canonical(host))
                : dns.contains(name) || dns.contains("*" + name.substring(Math.max(0, name.indexOf('.'))));
        if (!speaks) {
            Set<String> names = new TreeSet<>(dns);
            names.addAll(own.addresses());
            throw new TlsMaterialException(
                    certificate,
                    "the certificate is for " + (names.isEmpty() ? "no name at all" : String.join(", ", names))
                            + ", and the other machines call this one " + host,
                    "have one signed with " + alternativeName(host)
                            + ", or write one of those names as the server's address");
        }
        boolean isNamed = dns.contains(name) || (dns.isEmpty() && isCommonName(name));
        if (isAddress(host) && !isNamed) {
            // So it was seen with wolfSSL in MariaDB 11.4.5: replicas refuse the address alone, though clients take it.
            throw new TlsMaterialException(
                    certificate,
                    "the certificate has " + host + " as an address only, where replicas do not look for it",
                    "have one signed with " + alternativeName(host));
        }
    }

    private static String alternativeName(String host) {
        return "subjectAltName=" + (isAddress(host) ? "IP:" + host + "," : "") + "DNS:" + host;
    }

    private boolean isCommonName(String name) {
        return Arrays.asList(own.leaf()
                        .getSubjectX500Principal()
                        .getName()
                        .toLowerCase(Locale.ROOT)
                        .split(",", -1))
                .contains("cn=" + name);
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    /** As certificates' addresses are shown; never asks a name server, as what comes here is none. */
    private static String canonical(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException unreadable) {
            return address;
        }
    }

    /** What to do before it is too late, as a sentence. */
    public Optional<String> warning(Instant now) {
        Instant end = own.notAfter();
        return now.plus(SOON).isAfter(end)
                ? Optional.of(certificate + ": the certificate expires in "
                        + Duration.between(now, end).toDays() + " days, at " + end
                        + ": replace it, then restart the machines one after the other")
                : Optional.empty();
    }

    public KeyMaterial own() {
        return own;
    }

    /** For both sides of a connection; the side that answers has to ask for a certificate itself. */
    public SSLContext context() {
        char[] inMemoryOnly = {};
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry("own", own.privateKey(), inMemoryOnly, own.chain().toArray(Certificate[]::new));
            KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(keys, inMemoryOnly);
            KeyStore authorities = emptyStore();
            for (X509Certificate one : trusted) {
                authorities.setCertificateEntry("authority" + authorities.size(), one);
            }
            TrustManagerFactory believed = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            believed.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown.getKeyManagers(), believed.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("every JDK keeps keys and speaks TLS", impossible);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
