package com.foobar.kernel.tls;

import com.foobar.kernel.value.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

/** Whose signature a server's certificate must bear: as PEM, and as the file that Java libraries want which take no PEM. */
public final class TrustStore {

    /**
     * Libraries read it for every connection. PKCS#12 encrypts certificates, public as they are, by ten thousand rounds, which costs
     * each connection tens of milliseconds of a core; this format takes a third of one.
     */
    private static final String FORMAT = "JKS";

    private static final Secret PASSWORD = Secret.parse("public");

    private final Path authority;
    private final Path file;

    private TrustStore(Path authority, Path file) {
        this.authority = authority;
        this.file = file;
    }

    /**
     * Turns the PEM file into the other one.
     *
     * @param authority PEM, one or several
     * @param file what is there is replaced; nobody but its owner can change it
     */
    public static TrustStore of(Path authority, Path file) throws TlsMaterialException {
        try {
            KeyStore certificates = KeyStore.getInstance(FORMAT);
            certificates.load(null, null);
            for (X509Certificate certificate : KeyMaterialReader.certificates(authority)) {
                certificates.setCertificateEntry("authority" + certificates.size(), certificate);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            certificates.store(bytes, PASSWORD.reveal().toCharArray());
            DurableFile.writeSecret(file, bytes.toByteArray());
            return new TrustStore(authority, file);
        } catch (IOException unwritable) {
            throw new TlsMaterialException(
                    file,
                    "it cannot be written: " + unwritable,
                    "the user the program runs as must be able to write there, and the disk must not be full",
                    unwritable);
        } catch (GeneralSecurityException unexpected) {
            throw new TlsMaterialException(
                    authority, "it cannot be kept: " + unexpected, "use a full JDK 17", unexpected);
        }
    }

    /** The PEM file. */
    public Path authority() {
        return authority;
    }

    public String url() {
        return file.toUri().toString();
    }

    public String format() {
        return FORMAT;
    }

    /** The format asks for one; what it guards is public. */
    public Secret password() {
        return PASSWORD;
    }
}
