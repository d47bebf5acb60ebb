package com.foobar.database.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A server program that can be started.
 *
 * @param server the executable
 * @param base the folder it believes to be installed in
 * @param messages the folder with a folder of messages per language
 * @param charsets the folder of character sets
 * @param bootstrap the SQL that makes its system tables
 * @param dump the program that writes a database out as SQL
 * @param client the program that reads such SQL in
 */
public record Engine(
        EngineVersion version,
        Path server,
        Path base,
        Path messages,
        Path charsets,
        List<Path> bootstrap,
        Optional<Path> dump,
        Optional<Path> client) {

    public Engine {
        bootstrap = List.copyOf(bootstrap);
    }
}
