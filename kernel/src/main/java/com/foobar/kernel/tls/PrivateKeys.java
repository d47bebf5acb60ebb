package com.foobar.kernel.tls;

import com.foobar.kernel.tls.DerReader.MalformedDer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys out of PEM blocks, whatever tool wrote them, and the proof that a key belongs to a certificate. */
final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final byte[] EC_PUBLIC_KEY = Der.oid("1.2.840.10045.2.1");
    private static final byte[] RSA_ENCRYPTION = Der.oid("1.2.840.113549.1.1.1");

    private PrivateKeys() {}

    static boolean isPrivateKey(Pem.Block block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    static PrivateKey decode(Path file, Pem.Block block) throws TlsMaterialException {
        if (block.encrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
            throw new TlsMaterialException(
                    file,
                    "the private key is encrypted, and a server that starts by itself has nobody to ask for the passphrase",
                    "write it without: openssl pkey -in " + file + " -out plain.key && chmod 600 plain.key,"
                            + " or use a PKCS#12 file with a password");
        }
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> fromPkcs8(block.der());
                case "EC PRIVATE KEY" -> fromPkcs8(wrapSec1(block.der()));
                case "RSA PRIVATE KEY" -> fromPkcs8(wrapPkcs1(block.der()));
                default ->
                    throw new TlsMaterialException(
                            file,
                            "keys of the kind " + block.label() + " are not supported",
                            "use an RSA, EC or Ed25519 key in PKCS#8 form: openssl pkey -in " + file + " -out new.key");
            };
        } catch (MalformedDer | InvalidKeySpecException unreadable) {
            throw new TlsMaterialException(
                    file,
                    "the private key is damaged or of an unknown algorithm",
                    "look at it with: openssl pkey -noout -text -in " + file,
                    unreadable);
        }
    }

    /** Signs and verifies something, which works alike for every algorithm. */
    static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(signatureFor(privateKey.getAlgorithm()));
            signature.initSign(privateKey);
            signature.update(RSA_ENCRYPTION);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(RSA_ENCRYPTION);
            return signature.verify(signed);
        } catch (GeneralSecurityException notThisPair) {
            return false;
        }
    }

    private static String signatureFor(String algorithm) {
        return switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm;
        };
    }

    private static PrivateKey fromPkcs8(byte[] der) throws InvalidKeySpecException {
        InvalidKeySpecException last = new InvalidKeySpecException();
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException anotherAlgorithm) {
                last = anotherAlgorithm;
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK from 17 on knows " + algorithm, impossible);
            }
        }
        throw last;
    }

    /** SEC1 (RFC 5915) names its curve inside, PKCS#8 (RFC 5208) wants it in front. */
    private static byte[] wrapSec1(byte[] sec1) throws MalformedDer {
        DerReader key = new DerReader(new DerReader(sec1).read(Der.SEQUENCE));
        key.read(0x02);
        key.read(Der.OCTET_STRING);
        byte[] curve = key.read(Der.CONTEXT | Der.CONSTRUCTED);
        return Der.sequence(Der.integer(0), Der.sequence(EC_PUBLIC_KEY, curve), Der.octets(sec1));
    }

    private static byte[] wrapPkcs1(byte[] pkcs1) {
        return Der.sequence(Der.integer(0), Der.sequence(RSA_ENCRYPTION, Der.nothing()), Der.octets(pkcs1));
    }
}
