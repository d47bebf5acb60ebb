package com.foobar.database.embedded;

import com.foobar.database.dialect.Sql;
import java.time.Duration;
import java.util.List;

/**
 * Everything that a server process is started with.
 *
 * @param cluster whose data the folder must hold
 * @param accounts run by the server itself before it lets anybody in, at every start, unlogged: the template has no account, and what
 *     somebody changed by hand on one node is put right
 * @param portKey the configuration key that changes the port
 * @param patience how long start and recovery may take
 */
public record NodeLaunch(
        Engine engine,
        NodeFolder folder,
        NodeSettings settings,
        String cluster,
        List<Sql> accounts,
        String portKey,
        Duration patience) {

    public NodeLaunch {
        accounts = List.copyOf(accounts);
    }

    String accountsText() {
        StringBuilder text = new StringBuilder();
        // The server reads a statement a line.
        accounts.forEach(
                statement -> text.append(statement.text().replace('\n', ' ')).append(";\n"));
        return text.toString();
    }
}
