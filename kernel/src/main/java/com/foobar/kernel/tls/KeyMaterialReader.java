package com.foobar.kernel.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads certificates and keys from files and accepts only what a client will accept too: the key fits the leaf, the chain is
 * in order. Dates are not judged here, see {@link KeyMaterial#complaint}.
 */
public final class KeyMaterialReader {

    /** A long chain has 10 kB; more than this is the wrong file, and a wrong file may be endless. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String WRONG_ORDER =
            "put the server's own certificate first, then the one that signed it, and so on;"
                    + " the root may be left out (ACME clients call the right file fullchain.pem)";

    private KeyMaterialReader() {}

    /** A chain and its key. Both may be in one file: then name it twice. */
    public static KeyMaterial pem(Path certificates, Path key) throws TlsMaterialException {
        List<X509Certificate> chain = certificates(certificates);
        checkOrder(certificates, chain);
        PrivateKey privateKey = privateKey(key);
        checkMatch(key, privateKey, chain.get(0));
        return new KeyMaterial(privateKey, chain);
    }

    /** A PKCS#12 file ({@code .p12}, {@code .pfx}) that holds exactly one private key with its chain. */
    public static KeyMaterial pkcs12(Path file, char[] password) throws TlsMaterialException {
        KeyStore store = openPkcs12(file, password);
        try {
            List<String> aliases = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    aliases.add(alias);
                }
            }
            if (aliases.size() != 1) {
                throw new TlsMaterialException(
                        file,
                        aliases.isEmpty()
                                ? "there is no private key in it"
                                : "it holds several private keys: " + aliases,
                        "export exactly one: openssl pkcs12 -export -in chain.pem -inkey server.key -out " + file);
            }
            String alias = aliases.get(0);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(alias)) {
                chain.add((X509Certificate) certificate);
            }
            checkOrder(file, chain);
            if (!(store.getKey(alias, password) instanceof PrivateKey privateKey)) {
                throw new TlsMaterialException(file, "the key is not a private key", "export a certificate's key");
            }
            checkMatch(file, privateKey, chain.get(0));
            return new KeyMaterial(privateKey, chain);
        } catch (GeneralSecurityException unreadable) {
            throw new TlsMaterialException(
                    file, "the private key cannot be read", "its password must be that of the whole file", unreadable);
        }
    }

    /** All certificates of a PEM file in their order, at least one: a chain, or a bundle of authorities to trust. */
    public static List<X509Certificate> certificates(Path file) throws TlsMaterialException {
        List<X509Certificate> found = new ArrayList<>();
        for (Pem.Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                found.add(decodeCertificate(file, block, found.size() + 1));
            }
        }
        if (found.isEmpty()) {
            throw new TlsMaterialException(
                    file,
                    "there is no certificate in it",
                    "it must hold at least one block that starts with -----BEGIN CERTIFICATE-----"
                            + " (convert DER: openssl x509 -inform der -in file -out file.pem)");
        }
        return found;
    }

    static PrivateKey privateKey(Path file) throws TlsMaterialException {
        List<Pem.Block> keys =
                blocks(file).stream().filter(PrivateKeys::isPrivateKey).toList();
        if (keys.size() != 1) {
            throw new TlsMaterialException(
                    file,
                    keys.isEmpty()
                            ? "there is no private key in it"
                            : "there are " + keys.size() + " private keys in it",
                    "it must hold exactly one block that starts with -----BEGIN PRIVATE KEY-----");
        }
        return PrivateKeys.decode(file, keys.get(0));
    }

    private static X509Certificate decodeCertificate(Path file, Pem.Block block, int number)
            throws TlsMaterialException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException damaged) {
            throw new TlsMaterialException(
                    file,
                    "certificate number " + number + " is damaged",
                    "fetch it again, and look at it with: openssl x509 -noout -text -in " + file,
                    damaged);
        }
    }

    private static void checkOrder(Path file, List<X509Certificate> chain) throws TlsMaterialException {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate issuer = chain.get(i + 1);
            try {
                chain.get(i).verify(issuer.getPublicKey());
            } catch (GeneralSecurityException notSigned) {
                throw new TlsMaterialException(
                        file,
                        "the chain is out of order: certificate " + (i + 1) + " ("
                                + chain.get(i).getSubjectX500Principal() + ") was not signed by certificate " + (i + 2)
                                + " (" + issuer.getSubjectX500Principal() + ")",
                        WRONG_ORDER,
                        notSigned);
            }
        }
    }

    private static void checkMatch(Path file, PrivateKey key, X509Certificate leaf) throws TlsMaterialException {
        if (!PrivateKeys.match(key, leaf.getPublicKey())) {
            throw new TlsMaterialException(
                    file,
                    "the private key does not belong to the certificate of " + leaf.getSubjectX500Principal(),
                    "use the key the certificate was requested with; " + WRONG_ORDER);
        }
    }

    private static KeyStore openPkcs12(Path file, char[] password) throws TlsMaterialException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes(file)), password);
            return store;
        } catch (IOException | GeneralSecurityException unreadable) {
            boolean wrongPassword = unreadable.getCause() instanceof UnrecoverableKeyException;
            throw new TlsMaterialException(
                    file,
                    wrongPassword ? "the password does not open it" : "it is not a PKCS#12 file",
                    "look at it with: openssl pkcs12 -info -noout -in " + file,
                    unreadable);
        }
    }

    private static List<Pem.Block> blocks(Path file) throws TlsMaterialException {
        try {
            return Pem.blocks(new String(bytes(file), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException damaged) {
            throw new TlsMaterialException(file, String.valueOf(damaged.getMessage()), "copy the file again", damaged);
        }
    }

    private static byte[] bytes(Path file) throws TlsMaterialException {
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new TlsMaterialException(
                        file, "it is larger than " + MAX_BYTES + " bytes", "name a PEM or PKCS#12 file");
            }
            return content;
        } catch (NoSuchFileException missing) {
            throw new TlsMaterialException(file, "there is no such file", "correct the path, or create it", missing);
        } catch (IOException unreadable) {
            throw new TlsMaterialException(
                    file,
                    "it cannot be read: " + unreadable.getMessage(),
                    "the user the program runs as needs read permission",
                    unreadable);
        }
    }
}
