package com.foobar.database.embedded;

import com.foobar.database.dialect.Sql;
import com.foobar.database.model.Boot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a server process is started with.
 *
 * @param cluster whose data the folder must hold
 * @param accounts run by the server itself before it lets anybody in, at every start, unlogged: the template has no account, and what
 *     somebody changed by hand on one node is put right
 * @param portKey the configuration key that changes the port
 * @param patience how long start and recovery may take
 * @param tail what recovery does with transactions that were logged and not committed
 */
public record NodeLaunch(
        Engine engine,
        NodeFolder folder,
        NodeSettings settings,
        String cluster,
        List<Sql> accounts,
        String portKey,
        Duration patience,
        Boot.Tail tail) {

    public NodeLaunch {
        accounts = List.copyOf(accounts);
    }

    /** Keeps the tail: an acknowledged write may be in it, as long as nobody has proven the opposite. */
    public NodeLaunch(
            Engine engine,
            NodeFolder folder,
            NodeSettings settings,
            String cluster,
            List<Sql> accounts,
            String portKey,
            Duration patience) {
        this(engine, folder, settings, cluster, accounts, portKey, patience, Boot.Tail.KEPT);
    }

    public NodeLaunch with(Boot.Tail other) {
        return new NodeLaunch(engine, folder, settings, cluster, accounts, portKey, patience, other);
    }

    /** With a statement more, run once the accounts are made. */
    public NodeLaunch with(Sql more) {
        List<Sql> all = new ArrayList<>(accounts);
        all.add(more);
        return new NodeLaunch(engine, folder, settings, cluster, all, portKey, patience, tail);
    }

    String accountsText() {
        StringBuilder text = new StringBuilder();
        // The server reads a statement a line.
        accounts.forEach(
                statement -> text.append(statement.text().replace('\n', ' ')).append(";\n"));
        return text.toString();
    }
}
