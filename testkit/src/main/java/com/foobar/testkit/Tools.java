package com.foobar.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. A tool that is missing skips the test, loudly; where the system property
 * {@code foobar.tools} is {@code required} (the project's own CI) it fails, or a proof could vanish without anybody noticing.
 */
public final class Tools {

    private static final String PROPERTY = "foobar.tools";

    /** Where daemons and network tools live; often missing from an ordinary user's PATH. */
    private static final String SYSTEM_FOLDERS = File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/sbin";

    private Tools() {}

    /** The executable of that name, or no test. */
    public static Path require(String tool) {
        return find(tool).orElseGet(() -> {
            missing("no executable `" + tool + "` on PATH, /usr/sbin or /sbin; install the package that has it");
            throw new AssertionError("unreachable: missing() always throws");
        });
    }

    public static Optional<Path> find(String tool) {
        String path = Optional.ofNullable(new ProcessBuilder().environment().get("PATH"))
                .orElse("/usr/bin" + File.pathSeparator + "/bin");
        return Stream.of((path + SYSTEM_FOLDERS).split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, tool))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    public static void requireRoot() {
        if (!isRoot()) {
            missing("this test needs root; run the build as root (a container will do)");
        }
    }

    /** Root and `ip` are not enough: many containers forbid namespaces, so one is made and removed. */
    public static void requireNetworkNamespaces() {
        requireRoot();
        Path ip = require("ip");
        String probe = NetworkNamespaces.probeName();
        Command.Result added = Command.run(ip.toString(), "netns", "add", probe);
        Command.Result linked = added;
        if (added.good()) {
            linked = Command.run(
                    ip.toString(), "-n", probe, "link", "add", "probe0", "type", "veth", "peer", "name", "probe1");
            Command.Result bridged = Command.run(ip.toString(), "-n", probe, "link", "add", "probe2", "type", "bridge");
            linked = linked.good() ? bridged : linked;
            String unused = Command.run(ip.toString(), "netns", "del", probe).orFail();
        }
        if (!linked.good()) {
            missing("this machine forbids network namespaces (CAP_SYS_ADMIN, CAP_NET_ADMIN): " + linked);
        }
    }

    /** Ends the test: skipped, or failed where tools are required. */
    public static void missing(String reason) {
        missing(reason, "required".equals(System.getProperty(PROPERTY)));
    }

    static void missing(String reason, boolean required) {
        if (required) {
            throw new AssertionError(reason + " (" + PROPERTY + "=required forbids skipping)");
        }
        System.err.println("SKIPPED TEST: " + reason);
        Assumptions.abort(reason);
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }
}
