package com.foobar.kernel.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** What a certificate of the development authority says; {@link #sign} makes it one (RFC 5280, ECDSA with SHA-256). */
record CertificateTemplate(
        X500Principal issuer,
        X500Principal subject,
        PublicKey key,
        BigInteger serial,
        Instant notBefore,
        Instant notAfter,
        List<byte[]> extensions) {

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] SERVER_AUTH = Der.oid("1.3.6.1.5.5.7.3.1");
    private static final byte[] CLIENT_AUTH = Der.oid("1.3.6.1.5.5.7.3.2");
    private static final int SAN_DNS = 2;
    private static final int SAN_IP = 7;

    /** An authority that signs leaves only: a stolen leaf cannot become an authority (path length 0). */
    static List<byte[]> authorityExtensions(PublicKey key) throws GeneralSecurityException {
        return List.of(
                extension("2.5.29.19", true, Der.sequence(Der.bool(true), Der.integer(0))),
                // keyCertSign and cRLSign are bits 5 and 6, counted from the left.
                extension("2.5.29.15", true, Der.bits(new byte[] {0b0000_0110}, 1)),
                extension("2.5.29.14", false, Der.octets(keyIdentifier(key))));
    }

    static List<byte[]> leafExtensions(PublicKey key, PublicKey authority, ServerNames names)
            throws GeneralSecurityException {
        return List.of(
                extension("2.5.29.19", true, Der.sequence()),
                // digitalSignature, bit 0: all that ECDHE and TLS 1.3 need.
                extension("2.5.29.15", true, Der.bits(new byte[] {(byte) 0b1000_0000}, 7)),
                // Both purposes: the same leaf identifies a node to its peers in mutual TLS.
                extension("2.5.29.37", false, Der.sequence(SERVER_AUTH, CLIENT_AUTH)),
                extension("2.5.29.14", false, Der.octets(keyIdentifier(key))),
                extension("2.5.29.35", false, Der.sequence(Der.implicit(0, keyIdentifier(authority)))),
                extension("2.5.29.17", false, alternativeNames(names)));
    }

    byte[] sign(PrivateKey authority) throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(2)),
                Der.integer(serial),
                ECDSA_WITH_SHA256,
                issuer.getEncoded(),
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                subject.getEncoded(),
                key.getEncoded(),
                Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(authority);
        signature.update(body);
        return Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] alternativeNames(ServerNames names) {
        List<byte[]> elements = new ArrayList<>();
        for (String name : names.dns()) {
            elements.add(Der.implicit(SAN_DNS, name.getBytes(StandardCharsets.US_ASCII)));
        }
        for (InetAddress address : names.addresses()) {
            elements.add(Der.implicit(SAN_IP, address.getAddress()));
        }
        return Der.sequence(elements.toArray(byte[][]::new));
    }

    /** RFC 7093, method 4: from the whole public key structure, so that no one has to cut bits out of it. */
    private static byte[] keyIdentifier(PublicKey key) throws GeneralSecurityException {
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 20);
    }
}
