package com.foobar.bench.chaos;

import com.foobar.database.account.Duty;
import com.foobar.database.account.Login;
import com.foobar.database.account.Passwords;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What the processes beside the cluster know of it, carried in their arguments.
 *
 * @param admins the admin ports that are polled for who is primary
 * @param nodes the database nodes by name
 * @param folder where the books are kept
 */
record Station(Secret secret, List<HostPort> admins, Map<String, HostPort> nodes, Path folder) {

    static final String CLUSTER = "foobar";
    static final String SCHEMA = "app";
    static final String LEDGER = "chaos_ledger";
    static final String CANARY = "chaos_canary";

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(secret.reveal(), folder.toString(), "" + admins.size()));
        admins.forEach(admin -> arguments.add(admin.toString()));
        nodes.forEach((name, at) -> arguments.addAll(List.of(name, at.toString())));
        return arguments;
    }

    static Station parse(List<String> arguments) {
        int admins = Integer.parseInt(arguments.get(2));
        Map<String, HostPort> nodes = new LinkedHashMap<>();
        for (int i = 3 + admins; i + 1 < arguments.size(); i += 2) {
            nodes.put(arguments.get(i), HostPort.parse(arguments.get(i + 1)));
        }
        return new Station(
                Secret.parse(arguments.get(0)),
                arguments.subList(3, 3 + admins).stream().map(HostPort::parse).toList(),
                nodes,
                Path.of(arguments.get(1)));
    }

    Station onlyAt(String node) {
        return new Station(secret, admins, Map.of(node, at(node)), folder);
    }

    HostPort at(String node) {
        HostPort at = nodes.get(node);
        if (at == null) {
            throw new IllegalArgumentException("no node " + node + " among " + nodes.keySet());
        }
        return at;
    }

    Path books(String name) {
        return folder.resolve(name + ".books");
    }

    Path hotline(String name) {
        return folder.resolve(name + ".hotline");
    }

    Login login(Duty duty) {
        return Passwords.derivedFrom(secret).of(duty);
    }

    /** A connection to that one node, whatever it is; no answer is waited for longer than the bound. */
    Connection connect(String node, Duty duty, Duration bound) throws SQLException {
        Login login = login(duty);
        Properties properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password().reveal());
        properties.setProperty("connectTimeout", Long.toString(bound.toMillis()));
        properties.setProperty("socketTimeout", Long.toString(bound.toMillis()));
        properties.setProperty("sslMode", "DISABLED");
        properties.setProperty("allowPublicKeyRetrieval", "true");
        String schema = duty == Duty.APPLICATION || duty == Duty.READER ? SCHEMA : "";
        return DriverManager.getConnection("jdbc:mysql://" + at(node) + "/" + schema, properties);
    }
}
