package com.foobar.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TrimmedElfTest {

    private static final int LOADED = 100_000;
    private static final int WHOLE = 500_000;

    @Test
    void endsWithTheLastLoadedByteAndForgetsItsSections() throws IOException {
        byte[] trimmed = copy(program(LOADED, WHOLE));
        assertThat(trimmed).hasSize(LOADED);
        ByteBuffer header = ByteBuffer.wrap(trimmed).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getLong(40)).isZero();
        assertThat(header.getInt(60)).isZero();
        assertThat(Arrays.copyOfRange(trimmed, 1000, LOADED))
                .isEqualTo(Arrays.copyOfRange(program(LOADED, WHOLE), 1000, LOADED));
    }

    @Test
    void whatIsNoProgramIsCopiedAsItIs() throws IOException {
        for (byte[] other : new byte[][] {
            {}, {0x7f}, "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), new byte[200_000], program(100, 300)
        }) {
            assertThat(copy(other)).isEqualTo(other);
        }
        byte[] narrow = program(LOADED, WHOLE);
        narrow[4] = 1;
        assertThat(copy(narrow)).isEqualTo(narrow);
    }

    @Test
    void aProgramThatEndsTooEarlyIsAnErrorNotAShorterProgram() {
        assertThatThrownBy(() -> copy(program(LOADED, LOADED - 1))).hasMessageContaining("ends 1 bytes before");
    }

    private static byte[] copy(byte[] from) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        TrimmedElf.copy(new ByteArrayInputStream(from), to);
        return to.toByteArray();
    }

    private static byte[] program(int loaded, int whole) {
        byte[] bytes = new byte[whole];
        for (int i = 0; i < whole; i++) {
            bytes[i] = (byte) (i * 31);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
        header.putLong(32, 64).putLong(40, whole - 64L).putShort(54, (short) 56).putShort(56, (short) 2);
        header.putShort(60, (short) 30).putShort(62, (short) 29);
        header.putLong(64 + 8, 0).putLong(64 + 32, 90);
        header.putLong(64 + 56 + 8, loaded - 10L).putLong(64 + 56 + 32, 10);
        return bytes;
    }
}
