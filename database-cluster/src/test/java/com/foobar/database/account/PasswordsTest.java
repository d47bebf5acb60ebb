package com.foobar.database.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordsTest {

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void areMadeOnceAndReadAgain() throws Exception {
        Passwords first = Passwords.in(secrets(), random);
        Passwords again = Passwords.in(secrets(), random);
        for (Duty duty : Duty.values()) {
            assertThat(again.of(duty)).isEqualTo(first.of(duty));
            assertThat(first.of(duty).password().reveal()).hasSize(32);
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(secrets().resolve(duty.fileName()))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets())))
                .isEqualTo("rwx------");
        assertThat(Arrays.stream(Duty.values())
                        .map(duty -> first.of(duty).password().reveal()))
                .doesNotHaveDuplicates();
        assertThat(first.of(Duty.MONITOR).toString())
                .doesNotContain(first.of(Duty.MONITOR).password().reveal());
    }

    @Test
    void oneSecretMakesThemAllOnEveryMachine() {
        Passwords here = Passwords.derivedFrom(Secret.parse("correct horse"));
        Passwords there = Passwords.derivedFrom(Secret.parse("correct horse"));
        Passwords others = Passwords.derivedFrom(Secret.parse("battery staple"));
        for (Duty duty : Duty.values()) {
            assertThat(there.of(duty)).isEqualTo(here.of(duty));
            assertThat(others.of(duty)).isNotEqualTo(here.of(duty));
            assertThat(here.of(duty).password().reveal()).hasSize(32);
        }
        assertThat(Arrays.stream(Duty.values())
                        .map(duty -> here.of(duty).password().reveal()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aFileOpenToOthersIsRefused() throws Exception {
        Path file = oneFile();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Passwords.in(secrets(), random))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file + " is open to others (rw-r-----)");
    }

    @Test
    void anEmptyFileAndAStrangePasswordAreRefused() throws Exception {
        Path file = oneFile();
        for (String text : new String[] {"", "\n", "short", "it's-a-quote-within"}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> Passwords.in(secrets(), random))
                    .as(text)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(file + " does not hold a ")
                    .satisfies(failure -> assertThat(
                                    text.isBlank() || !failure.getMessage().contains(text))
                            .isTrue());
        }
    }

    private Path oneFile() throws IOException, StartFailure {
        Passwords unused = Passwords.in(secrets(), random);
        return secrets().resolve(Duty.MONITOR.fileName());
    }

    private Path secrets() {
        return folder.resolve("secrets");
    }
}
