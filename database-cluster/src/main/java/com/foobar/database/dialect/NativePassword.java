package com.foobar.database.dialect;

import com.foobar.kernel.value.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What {@code mysql_native_password} stores: SHA-1 twice, the only method that the driver, MariaDB's bundled server and its
 * replication all speak. Weak for a word from a dictionary; our passwords have 190 random bits.
 */
final class NativePassword {

    private NativePassword() {}

    static String hash(Secret password) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] once = sha1.digest(password.reveal().getBytes(StandardCharsets.UTF_8));
            return "*" + HexFormat.of().withUpperCase().formatHex(sha1.digest(once));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
