package com.foobar.database.account;

import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cluster's passwords. Either one file each in one folder, generated when first asked for, which is all that one machine needs; or
 * all derived from one secret, which is all that an operator has to carry to each of several machines.
 */
public final class Passwords {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** 190 bits; the longest that a MySQL replica can send. */
    private static final int LENGTH = 32;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Map<Duty, Login> logins;

    private Passwords(Map<Duty, Login> logins) {
        this.logins = logins;
    }

    public static Passwords in(Path folder, SecureRandom random) throws StartFailure {
        Map<Duty, Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, login(duty, folder, random));
        }
        return new Passwords(logins);
    }

    /** One secret of the operator's makes them all, the same on every machine; who knows one password knows no other. */
    public static Passwords derivedFrom(Secret cluster) {
        Map<Duty, Login> logins = new EnumMap<>(Duty.class);
        for (Duty duty : Duty.values()) {
            logins.put(duty, new Login(duty.user(), Secret.parse(derived(cluster, duty.user()))));
        }
        return new Passwords(logins);
    }

    private static String derived(Secret cluster, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cluster.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            BigInteger rest = new BigInteger(1, mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
            BigInteger base = BigInteger.valueOf(ALPHABET.length());
            StringBuilder text = new StringBuilder(LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                text.append(ALPHABET.charAt(rest.mod(base).intValue()));
                rest = rest.divide(base);
            }
            return text.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    public Login of(Duty duty) {
        Login login = logins.get(duty);
        if (login == null) {
            throw new IllegalStateException("every duty has a login, but not " + duty);
        }
        return login;
    }

    private static Login login(Duty duty, Path folder, SecureRandom random) throws StartFailure {
        Path file = folder.resolve(duty.fileName());
        try {
            if (!Files.exists(file)) {
                Path unusedFolder = DurableFile.secretFolder(folder);
                // Another process may win; its password is read below, so that both use one.
                boolean unused = DurableFile.writeNew(file, generate(random) + "\n");
            }
            requireSecrecy(file);
            return new Login(duty.user(), Secret.parse(Files.readString(file).strip()));
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    "the password file " + file + " does not hold " + e.getMessage(),
                    "restore it from another host of the cluster, or write such a password into it",
                    e);
        } catch (NoSuchFileException e) {
            throw new StartFailure("the password file " + file + " vanished while it was read", "start again", e);
        } catch (IOException e) {
            throw new StartFailure(
                    "the password file " + file + " cannot be made or read: " + e,
                    "make the folder writable for the user that runs this, on a disk with space",
                    e);
        }
    }

    /** Refused, not repaired: whoever could read it may have done so. */
    private static void requireSecrecy(Path file) throws IOException, StartFailure {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
            throw new StartFailure(
                    "the password file " + file + " is open to others (" + PosixFilePermissions.toString(permissions)
                            + ")",
                    "consider the password known, replace it, and run chmod 600 " + file);
        }
    }

    private static String generate(SecureRandom random) {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
