package com.foobar.database.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process is root, for which a server wants to be told that it is meant. */
final class Superuser {

    private Superuser() {}

    /** @param mine a file or folder that this process has made */
    static boolean isMe(Path mine) throws IOException {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException noProc) {
            return Files.getOwner(mine).getName().equals("root");
        }
    }
}
