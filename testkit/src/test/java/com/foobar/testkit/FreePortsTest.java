package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void aPortCanBeListenedOn() throws Exception {
        try (ServerSocket socket = new ServerSocket(FreePorts.one(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    void aBlockIsInARow() {
        List<Integer> block = FreePorts.block(5);
        assertThat(block).hasSize(5);
        assertThat(block.get(4) - block.get(0)).isEqualTo(4);
    }

    @Test
    void neverGivesAPortTwice() {
        Set<Integer> all = new HashSet<>();
        for (int n = 0; n < 50; n++) {
            assertThat(all.addAll(FreePorts.block(3))).isTrue();
        }
        assertThat(all).hasSize(150);
    }

    @Test
    void anotherJvmCannotReserveWhatThisOneHolds() {
        int port = FreePorts.one();
        String attempt =
                """
                import java.nio.channels.FileChannel; import java.nio.file.*;
                class Attempt { public static void main(String[] a) throws Exception {
                  try (FileChannel file = FileChannel.open(Path.of(a[0]), StandardOpenOption.WRITE)) {
                    System.out.println("locked: " + (file.tryLock(Long.parseLong(a[1]), 1, false) != null));
                  } } }
                """;
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "foobar-test-ports-" + System.getProperty("user.name") + ".lock");
        try (Children children = new Children()) {
            Path source = Sources.write("Attempt.java", attempt);
            Child child = children.start(
                    "attempt", Children.java(source.toString(), file.toString(), Integer.toString(port)));
            assertThat(child.awaitLine("locked", Duration.ofSeconds(30))).isEqualTo("locked: false");
        }
    }

    @Test
    void refusesAnEmptyBlock() {
        assertThatThrownBy(() -> FreePorts.block(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
