package com.foobar.database.embedded;

import com.foobar.kernel.lifecycle.StartFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a server ended, from the words of its log.
 *
 * @param line the line that says so, or the last one
 */
record LogDiagnosis(Cause cause, String line) {

    private static final int LONGEST_LINE = 300;

    /** In the order they are looked for: a full disk also makes tables look corrupt. */
    enum Cause {
        DISK_FULL(
                "No space left|Disk is full|errno: 28\\b|error 28\\b|OS error: 28\\b",
                "the disk is full",
                "free some space, or choose a data directory on another disk"),
        LIBRARY_MISSING(
                "error while loading shared libraries|version `GLIBC[^']*' not found",
                "a shared library is missing",
                "install the library named (libstdc++6, libcrypt1, libsystemd0), or the package mariadb-server"),
        PORT_TAKEN("Bind on TCP/IP port|Address already in use", "the port is in use", "choose another port"),
        IN_USE(
                "Can't lock aria control file|Unable to lock \\./ibdata1|another mysqld server",
                "another server has its data open",
                "end the other server"),
        NOT_PERMITTED(
                "Permission denied|OS error: 13\\b|errno: 13\\b|Read-only file system",
                "it may not read or write its files",
                "give the data directory to the user that runs this"),
        OPTION_UNKNOWN(
                "unknown (variable|option)|Unknown suffix",
                "this version does not know an option",
                "use another version of the server, or remove the option"),
        OTHER_VERSION(
                "Upgrade after a crash is not supported|unsupported (redo log|undo)|was not created with|Downgrade",
                "its data belongs to another version",
                "use the version that made the data, or provision the node anew"),
        TAIL_NOT_CUT(
                "Cannot truncate the binary log",
                "the tail of its log holds what cannot be cut off",
                "start it with its tail whole, or provision the node anew"),
        NO_MEMORY(
                "Cannot allocate memory|Out of memory", "memory is short", "give it less memory, or the machine more"),
        DAMAGED(
                "corrupt|Tablespace .* missing|Fatal error",
                "its data is damaged",
                "provision the node anew; its data is kept aside"),
        UNKNOWN("", "the log does not say why", "see the log");

        private final Pattern pattern;
        private final String sentence;
        private final String cure;

        Cause(String pattern, String sentence, String cure) {
            this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
            this.sentence = sentence;
            this.cure = cure;
        }
    }

    static LogDiagnosis of(String log) {
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        for (Cause cause : Cause.values()) {
            if (cause != Cause.UNKNOWN) {
                Optional<String> found = lines.stream()
                        .filter(line -> cause.pattern.matcher(line).find())
                        .findFirst();
                if (found.isPresent()) {
                    return new LogDiagnosis(cause, shown(found.get()));
                }
            }
        }
        Optional<String> error =
                lines.stream().filter(line -> line.contains("[ERROR]")).findFirst();
        return new LogDiagnosis(
                Cause.UNKNOWN, shown(error.orElse(lines.isEmpty() ? "(nothing logged)" : lines.get(lines.size() - 1))));
    }

    private static String shown(String line) {
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "..." : line;
    }

    StartFailure failure(String what) {
        return new StartFailure(what + ": " + cause.sentence + "; it said: " + line, cause.cure);
    }

    String sentence() {
        return cause.sentence + "; it said: " + line;
    }
}
