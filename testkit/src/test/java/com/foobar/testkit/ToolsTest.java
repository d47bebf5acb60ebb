package com.foobar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class ToolsTest {

    @Test
    void findsWhatIsThere() {
        assertThat(Tools.require("sh")).isExecutable().isAbsolute();
        assertThat(Tools.find("no-such-tool-anywhere")).isEmpty();
    }

    @Test
    void aMissingToolSkipsTheTestUnlessToolsAreRequired() {
        assertThatThrownBy(() -> Tools.missing("no `abc`", false))
                .satisfies(ToolsTest::isASkip)
                .hasMessageContaining("no `abc`");
        assertThatThrownBy(() -> Tools.missing("no `abc`", true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no `abc`")
                .hasMessageContaining("foobar.tools");
    }

    @Test
    void theSystemPropertyDecides() {
        String before = Objects.requireNonNullElse(System.getProperty("foobar.tools"), "optional");
        try {
            System.setProperty("foobar.tools", "required");
            assertThatThrownBy(() -> Tools.require("no-such-tool-anywhere"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no-such-tool-anywhere");
            System.setProperty("foobar.tools", "optional");
            assertThatThrownBy(() -> Tools.require("no-such-tool-anywhere")).satisfies(ToolsTest::isASkip);
        } finally {
            System.setProperty("foobar.tools", before);
        }
    }

    @Test
    void knowsRootAsTheMachineDoes() {
        boolean root = Command.run("id", "-u").orFail().strip().equals("0");
        assertThat(Tools.isRoot()).isEqualTo(root);
    }

    /** By name: the class comes from a library that JUnit brings along and nobody here declares. */
    private static void isASkip(Throwable thrown) {
        assertThat(thrown.getClass().getSimpleName()).isEqualTo("TestAbortedException");
    }
}
