package com.foobar.database.act;

import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Whose signature a node's certificate must bear. The driver wants it as a file of a format of its own. */
public final class Trust {

    static final String FORMAT = "PKCS12";

    /** Certificates are public; the format asks for a password all the same. */
    static final Secret PASSWORD = Secret.parse("public");

    private final Path store;

    private Trust(Path store) {
        this.store = store;
    }

    /**
     * Turns the PEM file into one of the driver's.
     *
     * @param authority PEM
     * @param folder where the driver's file is written
     */
    public static Trust of(Path authority, Path folder) throws IOException {
        Path store = Files.createTempFile(folder, "authority", ".p12");
        try (InputStream from = Files.newInputStream(authority);
                OutputStream to = Files.newOutputStream(store)) {
            KeyStore certificates = KeyStore.getInstance(FORMAT);
            certificates.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(from)) {
                certificates.setCertificateEntry("authority" + number++, certificate);
            }
            certificates.store(to, PASSWORD.reveal().toCharArray());
            return new Trust(store);
        } catch (GeneralSecurityException e) {
            throw new IOException(authority + " is no certificate authority in PEM form", e);
        }
    }

    String url() {
        return store.toUri().toString();
    }
}
