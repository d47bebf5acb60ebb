package com.foobar.database.embedded;

import com.foobar.database.storage.DurableFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What a node's folder knows of its server process. Written without a process before the start and with it after: who dies in between
 * leaves word that there may be one.
 *
 * @param pid nothing while it is being started
 * @param stamp {@link ProcessStamp} of that process
 * @param socket its Unix socket, which may lie outside the folder
 */
record ProcessMark(Optional<Long> pid, String stamp, Path socket) {

    void write(Path file) throws IOException {
        DurableFile.write(
                file,
                "pid=" + pid.map(number -> Long.toString(number)).orElse("") + "\nstamp=" + stamp + "\nsocket=" + socket
                        + "\n");
    }

    static Optional<ProcessMark> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        String pid = properties.getProperty("pid", "");
        return Optional.of(new ProcessMark(
                pid.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(pid)) : Optional.empty(),
                properties.getProperty("stamp", ""),
                Path.of(properties.getProperty("socket", ""))));
    }
}
