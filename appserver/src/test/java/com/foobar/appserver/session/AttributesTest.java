package com.foobar.appserver.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.value.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {

    private static final ByteSize LIMIT = ByteSize.parse("10KiB");
    private static final ClassLoader OWN = AttributesTest.class.getClassLoader();

    @Test
    void comesBackAsItWasWithWhatWasShared() throws Exception {
        List<String> shared = new ArrayList<>(List.of("x"));
        Attributes.Written written =
                Attributes.write(Map.of("a", shared, "b", shared, "c", new int[] {1}, "d", int.class), LIMIT);
        assertThat(written.leftOut()).isEmpty();
        Map<String, Object> read = Attributes.read(written.bytes(), OWN);
        assertThat(read.get("a")).isEqualTo(List.of("x")).isSameAs(read.get("b"));
        assertThat(read.get("c")).isEqualTo(new int[] {1});
        assertThat(read.get("d")).isEqualTo(int.class);
    }

    @Test
    void namesWhatCannotBeSerialisedAndKeepsTheRest() throws Exception {
        Object stubborn = new Object();
        Attributes.Written written =
                Attributes.write(Map.of("user", "ann", "lock", stubborn, "deep", List.of(stubborn)), LIMIT);
        assertThat(written.leftOut()).hasSize(2).anyMatch(text -> text.startsWith("lock (java.lang.Object"));
        assertThat(Attributes.read(written.bytes(), OWN)).containsExactly(Map.entry("user", "ann"));
    }

    @Test
    void stopsAtTheLimit() {
        Map<String, Object> large = Map.of("b", "small", "a", new byte[10_240], "c", new byte[5]);
        assertThatThrownBy(() -> Attributes.write(large, LIMIT))
                .isInstanceOf(SessionTooLarge.class)
                .hasMessageContaining("10KiB")
                .hasMessageContaining("most of it a ([B)");
        assertThatThrownBy(() -> Attributes.write(Map.of("lock", new Object(), "a", new byte[10_240]), LIMIT))
                .isInstanceOf(SessionTooLarge.class)
                .hasMessageContaining("most of it a ([B)");
    }

    @Test
    void knowsOnlyTheApplicationsClasses() throws Exception {
        byte[] bytes = Attributes.write(Map.of("size", ByteClass.ONE), LIMIT).bytes();
        assertThatThrownBy(() -> Attributes.read(bytes, ClassLoader.getPlatformClassLoader()))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private enum ByteClass {
        ONE
    }
}
