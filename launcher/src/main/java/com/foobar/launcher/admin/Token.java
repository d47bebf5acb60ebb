package com.foobar.launcher.admin;

import com.foobar.kernel.lifecycle.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The bearer token of the admin port. */
public final class Token {
    private static final String FILE = "admin.token";
    private static final int BYTES = 24;

    private final byte[] expected;

    private Token(String token) {
        this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    public static Token of(String token) {
        return new Token(token);
    }

    public static Path file(Path data) {
        return data.resolve(FILE);
    }

    /** The token kept in the data directory, made on the first start and readable by its owner only. */
    public static Token kept(Path data) throws StartFailure {
        Path file = file(data);
        try {
            if (Files.exists(file)) {
                String token = Files.readString(file).strip();
                if (!token.isEmpty()) {
                    return new Token(token);
                }
            }
            return made(file);
        } catch (IOException failed) {
            throw new StartFailure(
                    "cannot read or make " + file + ": " + failed.getMessage(),
                    "make it readable and writable by this user, or set admin.token",
                    failed);
        }
    }

    private static Token made(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        // Complete and private before it has its name: nobody ever reads half a token, or one meant for its owner.
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, token + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Token(token);
    }

    /** In a time that does not tell how much of a guess was right. */
    boolean admits(@Nullable String authorization) {
        return authorization != null && MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.UTF_8));
    }
}
