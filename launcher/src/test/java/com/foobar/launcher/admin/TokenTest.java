package com.foobar.launcher.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    @TempDir
    Path data;

    @Test
    void isMadeOnceAndReadableByItsOwnerOnly() throws Exception {
        Token.kept(data);
        String token = Files.readString(Token.file(data)).strip();

        assertThat(token).hasSizeGreaterThanOrEqualTo(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Token.file(data))))
                .isEqualTo("rw-------");
        assertThat(Token.kept(data).admits("Bearer " + token)).isTrue();
    }

    @Test
    void admitsNothingElse() {
        Token token = Token.of("secret");

        assertThat(token.admits("Bearer secret")).isTrue();
        assertThat(token.admits("bearer secret")).isFalse();
        assertThat(token.admits("Bearer secre")).isFalse();
        assertThat(token.admits("Bearer secrets")).isFalse();
        assertThat(token.admits("")).isFalse();
        assertThat(token.admits(null)).isFalse();
    }

    @Test
    void aFolderInItsPlaceIsAFailureWithACure() throws Exception {
        Files.createDirectory(Token.file(data));

        assertThatThrownBy(() -> Token.kept(data))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("admin.token");
    }
}
