package com.foobar.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;

/** What this program is and where it lies. */
public final class Program {
    public static final String NAME = "foobar";

    private Program() {}

    /** Written into the jar by the build. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Program.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return properties.getProperty("version", "unknown");
    }

    /** The folder of launcher.jar: {@code conf/}, {@code lib/} and {@code site/} lie beside it. */
    public static Path home() {
        try {
            Path code = Path.of(Program.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path folder = code.getParent();
            return folder == null ? code : folder;
        } catch (URISyntaxException odd) {
            throw new IllegalStateException(odd);
        }
    }
}
