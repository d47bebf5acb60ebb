package com.foobar.kernel.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority for machines that have none, made of the JDK alone: {@code ca.pem} to trust, {@code ca.key} to keep,
 * and one {@code NAME.pem} per issued leaf, key and chain together so that one rename replaces both. Several processes may
 * share the folder: whatever reads or writes it holds {@code ca.lock}.
 */
public final class DevelopmentAuthority {

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3653);
    private static final Duration LEAF_LIFE = Duration.ofDays(90);
    /** Machines whose clocks are not set yet, or set apart, shall still accept each other. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final String NEW_AUTHORITY = "restore ca.pem and ca.key from a backup, or delete both to get a new"
            + " authority (then every client has to trust the new ca.pem)";

    /** A file lock stops other processes only; within one, a second attempt would throw. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final Path folder;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final KeyMaterial authority;

    private DevelopmentAuthority(Path folder, InstantSource clock) throws TlsMaterialException {
        this.folder = folder;
        this.clock = clock;
        this.authority = locked(folder, this::openOrCreate);
    }

    /** Opens the authority in this folder, or creates folder and authority. What is there is never overwritten. */
    public static DevelopmentAuthority open(Path folder, InstantSource clock) throws TlsMaterialException {
        return new DevelopmentAuthority(folder, clock);
    }

    /** What clients have to trust. */
    public X509Certificate certificate() {
        return authority.leaf();
    }

    public Path certificateFile() {
        return folder.resolve("ca.pem");
    }

    /**
     * The leaf of this name, from its file where that still holds these names, this authority and a third of its life; else a
     * new one. Ask again now and then: that is all there is to renewal.
     *
     * @param name the file's name without {@code .pem}: {@code lb1}
     */
    public KeyMaterial leaf(String name, ServerNames names) throws TlsMaterialException {
        Path file = folder.resolve(name + ".pem");
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") || name.equals("ca")) {
            throw new TlsMaterialException(
                    file, "'" + name + "' cannot name a leaf", "use letters, digits, '-' and '_'");
        }
        return locked(folder, () -> {
            if (Files.exists(file)) {
                KeyMaterial kept = read(file);
                if (isStillGood(kept, names)) {
                    return kept;
                }
            }
            return issue(file, names);
        });
    }

    private static KeyMaterial read(Path leaf) throws TlsMaterialException {
        try {
            return KeyMaterialReader.pem(leaf, leaf);
        } catch (TlsMaterialException damaged) {
            throw new TlsMaterialException(
                    leaf, damaged.problem(), "delete it, then a new one is issued at the next start", damaged);
        }
    }

    private boolean isStillGood(KeyMaterial kept, ServerNames names) {
        Instant now = clock.instant();
        X509Certificate leaf = kept.leaf();
        Duration left = Duration.between(now, leaf.getNotAfter().toInstant());
        try {
            leaf.verify(authority.leaf().getPublicKey());
        } catch (GeneralSecurityException anotherAuthority) {
            return false;
        }
        return names.areThoseOf(kept)
                && left.compareTo(LEAF_LIFE.dividedBy(3)) >= 0
                && !now.isBefore(leaf.getNotBefore().toInstant());
    }

    private KeyMaterial issue(Path file, ServerNames names)
            throws GeneralSecurityException, IOException, TlsMaterialException {
        Instant now = clock.instant();
        Instant end = authority.notAfter();
        if (now.isAfter(end)) {
            throw new TlsMaterialException(certificateFile(), "the authority expired at " + end, NEW_AUTHORITY);
        }
        Instant wanted = now.plus(LEAF_LIFE);
        KeyPair pair = newKeyPair();
        PublicKey authorityKey = authority.leaf().getPublicKey();
        byte[] leaf = new CertificateTemplate(
                        authority.leaf().getSubjectX500Principal(),
                        new X500Principal("CN=" + names.first() + ", O=foobar development"),
                        pair.getPublic(),
                        newSerial(),
                        seconds(now.minus(CLOCK_SKEW)),
                        seconds(wanted.isBefore(end) ? wanted : end),
                        CertificateTemplate.leafExtensions(pair.getPublic(), authorityKey, names))
                .sign(authority.privateKey());
        DurableFile.writeSecret(
                file,
                Pem.text("CERTIFICATE", leaf)
                        + Pem.text("CERTIFICATE", authority.leaf().getEncoded())
                        + Pem.text("PRIVATE KEY", pair.getPrivate().getEncoded()));
        return read(file);
    }

    /**
     * {@code ca.key} holds the key and its certificate and comes first, by one rename; {@code ca.pem} is a copy of the
     * certificate. So a crash at any point leaves either nothing or everything that is needed to go on.
     */
    private KeyMaterial openOrCreate() throws GeneralSecurityException, IOException, TlsMaterialException {
        Path certificate = certificateFile();
        Path key = folder.resolve("ca.key");
        if (Files.notExists(key) && Files.notExists(certificate)) {
            create(key);
        }
        try {
            if (Files.notExists(certificate)) {
                X509Certificate original = KeyMaterialReader.certificates(key).get(0);
                DurableFile.writePublic(certificate, Pem.text("CERTIFICATE", original.getEncoded()));
            }
            KeyMaterial found = KeyMaterialReader.pem(certificate, key);
            if (found.leaf().getBasicConstraints() < 0
                    || !found.privateKey().getAlgorithm().equals("EC")) {
                throw new TlsMaterialException(certificate, "it is not an authority with an EC key", NEW_AUTHORITY);
            }
            return found;
        } catch (TlsMaterialException damaged) {
            throw new TlsMaterialException(damaged.file(), damaged.problem(), NEW_AUTHORITY, damaged);
        }
    }

    private void create(Path key) throws GeneralSecurityException, IOException {
        KeyPair pair = newKeyPair();
        BigInteger serial = newSerial();
        // Part of the serial in the name: two authorities of two data folders must not look like one in a trust store.
        String mark = serial.toString(16).substring(0, 8);
        X500Principal name = new X500Principal("CN=foobar development authority " + mark + ", O=foobar development");
        Instant now = clock.instant();
        byte[] certificate = new CertificateTemplate(
                        name,
                        name,
                        pair.getPublic(),
                        serial,
                        seconds(now.minus(CLOCK_SKEW)),
                        seconds(now.plus(AUTHORITY_LIFE)),
                        CertificateTemplate.authorityExtensions(pair.getPublic()))
                .sign(pair.getPrivate());
        DurableFile.writeSecret(
                key, Pem.text("PRIVATE KEY", pair.getPrivate().getEncoded()) + Pem.text("CERTIFICATE", certificate));
    }

    private KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** 127 random bits, never zero and never negative: unpredictable, as the rules for real authorities want it. */
    private BigInteger newSerial() {
        return new BigInteger(127, random).setBit(126);
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private interface Work<T> {
        T run() throws GeneralSecurityException, IOException, TlsMaterialException;
    }

    private static <T> T locked(Path folder, Work<T> work) throws TlsMaterialException {
        ONE_AT_A_TIME.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel lock =
                    FileChannel.open(folder.resolve("ca.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Held until the channel closes.
                lock.lock();
                return work.run();
            }
        } catch (IOException unwritable) {
            throw new TlsMaterialException(
                    folder,
                    "the certificate folder cannot be used: " + unwritable,
                    "the user the program runs as must be able to write there, and the disk must not be full",
                    unwritable);
        } catch (GeneralSecurityException unexpected) {
            throw new TlsMaterialException(
                    folder, "this JDK cannot make EC certificates: " + unexpected, "use a full JDK 17", unexpected);
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }
}
