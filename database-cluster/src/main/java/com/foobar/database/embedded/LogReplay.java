package com.foobar.database.embedded;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.dialect.AccountPlan;
import com.foobar.database.dialect.Dialects;
import com.foobar.database.dialect.Source;
import com.foobar.database.dialect.Sql;
import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.lifecycle.StartFailure;
import com.foobar.kernel.time.Time;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Binary logs applied to a server that was just loaded from a dump, up to one transaction and not one further. A second server, which has
 * nothing but copies of these logs, is followed for it: the same code as in replication, and no tool that would have to be installed.
 *
 * @param logs in their order
 * @param until the last transaction
 */
public record LogReplay(List<Path> logs, String until) {

    /** Numbers that no node has: a server skips what bears its own. */
    static final long LOADER = 4_294_967_294L;

    private static final long SOURCE = 4_294_967_295L;
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Pattern ERROR = Pattern.compile("Last_(?:IO|SQL)_Error: (\\S.*)");
    private static final Pattern REACHED = Pattern.compile("stands_at: (\\S*)");

    public LogReplay {
        logs = List.copyOf(logs);
    }

    /** @param loading the loaded server's socket */
    void run(Engine engine, Path cache, NodeFolder folder, Path client, Path loading, Duration patience, Time time)
            throws IOException, InterruptedException, StartFailure {
        NodeFolder own = NodeFolder.at(folder.root().resolve("replay"));
        try {
            // What a killed restore has left.
            own.delete();
            Login login = new Login(
                    Duty.REPLICATION.user(),
                    Secret.parse(UUID.randomUUID().toString().replace("-", "")));
            Provisioning.fromTemplate(engine, cache, own, new NodeIdentity("replay", "replay", engine.version()), time);
            copyLogs(own.data());
            try (NodeProcess source = NodeProcess.start(launch(engine, own, login), time)) {
                follow(new Source(source.at(), login, Optional.empty()), own, client, loading, patience, time);
            }
        } finally {
            own.delete();
        }
    }

    /** Without the state that lies beside them: the server finds it out from the logs, and cannot be told a wrong one. */
    private void copyLogs(Path data) throws IOException {
        StringBuilder index = new StringBuilder();
        for (Path log : logs) {
            Path copy = data.resolve(log.getFileName());
            Files.copy(log, copy);
            index.append("./").append(copy.getFileName()).append('\n');
        }
        Files.writeString(data.resolve("binlog.index"), index);
    }

    private static NodeLaunch launch(Engine engine, NodeFolder own, Login login) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            port = free.getLocalPort();
        }
        return new NodeLaunch(
                engine,
                own,
                NodeSettings.small(SOURCE, new HostPort("127.0.0.1", port), Durability.DEMO),
                "replay",
                Dialects.MARIADB.accounts(new AccountPlan(Map.of(Duty.REPLICATION, login), "app", "127.0.0.1", false)),
                "a free port",
                START);
    }

    private void follow(Source source, NodeFolder own, Path client, Path loading, Duration patience, Time time)
            throws IOException, InterruptedException, StartFailure {
        List<String> begin = new ArrayList<>();
        for (Sql one : Dialects.MARIADB.follow(source)) {
            boolean start = one.text().equals("START SLAVE");
            begin.add((start ? one.text() + " UNTIL master_gtid_pos='" + until + "'" : one.text()) + ";");
        }
        String unused = ask(client, loading, own, begin);
        List<String> look = List.of(
                "DO MASTER_GTID_WAIT('" + until + "', " + TURN.toSeconds() + ");",
                "SELECT @@GLOBAL.gtid_slave_pos AS stands_at;",
                "SHOW SLAVE STATUS;");
        long began = time.nanos();
        String stand = "";
        while (!stand.equals(until)) {
            String said = ask(client, loading, own, look);
            Matcher error = ERROR.matcher(said);
            if (error.find()) {
                throw new StartFailure(
                        "the logs cannot be replayed up to " + until + ": " + error.group(1),
                        "use the logs of another node, or an earlier moment");
            }
            Matcher reached = REACHED.matcher(said);
            stand = reached.find() ? reached.group(1) : "";
            if (time.nanos() - began > patience.toNanos()) {
                throw new StartFailure(
                        "the logs were not replayed within " + patience.toSeconds() + " s; it stands at " + stand,
                        "look at the load of this machine, then restore again");
            }
        }
        unused = ask(client, loading, own, List.of("STOP SLAVE;", "RESET SLAVE ALL;"));
    }

    private static String ask(Path client, Path socket, NodeFolder own, List<String> statements)
            throws IOException, InterruptedException, StartFailure {
        Path asked = own.root().resolve("orders.sql");
        Path output = own.root().resolve("orders.log");
        DurableFile.write(asked, String.join("\n", statements) + "\n");
        List<String> command = new ArrayList<>(DumpLoad.loadCommand(client, socket));
        command.addAll(List.of("--batch", "--vertical"));
        BoundedRun.Result result =
                BoundedRun.run(command, ProcessBuilder.Redirect.from(asked.toFile()), output, ANSWER);
        if (result.exit() != 0) {
            throw new StartFailure("the loaded server refuses the replay: " + result.output(), "see the reason given");
        }
        return result.output();
    }
}
