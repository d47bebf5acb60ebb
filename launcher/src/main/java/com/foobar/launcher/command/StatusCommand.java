package com.foobar.launcher.command;

import com.foobar.kernel.config.Reading;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import com.foobar.launcher.Exit;
import com.foobar.launcher.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", description = "shows roles, pools and database nodes of a running process")
final class StatusCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    TopologyOptions topology = new TopologyOptions();

    @Mixin
    HelpOption help = new HelpOption();

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Reading<Topology> reading = topology.read(surroundings, surroundings.err());
        if (reading == null) {
            return Exit.USAGE;
        }
        AdminClient client = new AdminClient(reading.value().orElseThrow().admin(), Path.of(""));
        try {
            Object facts = Json.parse(client.get("/topology").body());
            return facts instanceof Map<?, ?> picture ? shown(picture) : strange(client);
        } catch (AdminClient.Unreachable nobody) {
            surroundings.err().println(nobody.getMessage());
            return Exit.FOUND;
        } catch (JsonSyntaxException notOurs) {
            return strange(client);
        }
    }

    private int strange(AdminClient client) {
        surroundings.err().println("what answers on " + client.place() + " is not " + "foobar's admin port");
        return Exit.FOUND;
    }

    private int shown(Map<?, ?> picture) {
        Map<?, ?> process = picture.get("process") instanceof Map<?, ?> map ? map : Map.of();
        boolean ready = Boolean.TRUE.equals(process.get("ready"));
        surroundings
                .out()
                .printf(
                        "%s · server %s · pid %s · up %s s · %s%n%n",
                        picture.get("site"),
                        process.get("server"),
                        process.get("pid"),
                        process.get("upSeconds"),
                        ready ? "ready" : "not ready: " + process.get("reason"));
        surroundings.out().printf("%-7s %-17s %-10s %-22s %s%n", "NAME", "ROLE", "SERVER", "ADDRESS", "STATE");
        if (picture.get("roles") instanceof List<?> roles) {
            roles.forEach(role -> row(role instanceof Map<?, ?> map ? map : Map.of()));
        }
        if (picture.get("database") instanceof Map<?, ?> database) {
            database(database);
        }
        boolean served = true;
        if (picture.get("pools") instanceof List<?> pools) {
            for (Object pool : pools) {
                served &= pool instanceof Map<?, ?> map && pool(map);
            }
        }
        return ready && served ? Exit.GOOD : Exit.FOUND;
    }

    private void database(Map<?, ?> database) {
        Map<?, ?> record = database.get("record") instanceof Map<?, ?> known ? known : Map.of();
        boolean leads = Boolean.TRUE.equals(database.get("leads"));
        surroundings
                .out()
                .printf(
                        "%nDATABASE %s · epoch %s · %s%n",
                        database.get("cluster"),
                        shown(record.get("epoch")),
                        leads
                                ? database.get("activity")
                                : "led by " + shown(database.get("leader")) + ", ask there for what is known now");
        surroundings
                .out()
                .printf("%-7s %-22s %-9s %-9s %-10s %s%n", "NODE", "ADDRESS", "ROLE", "REACHED", "LAG", "APPLIED");
        if (database.get("nodes") instanceof List<?> nodes) {
            for (Object one : nodes) {
                Map<?, ?> node = one instanceof Map<?, ?> map ? map : Map.of();
                Object lag = node.get("lagMillis");
                surroundings
                        .out()
                        .printf(
                                "%-7s %-22s %-9s %-9s %-10s %s%n",
                                node.get("name"),
                                node.get("address"),
                                shown(node.get("role")),
                                shown(node.get("reach")).toLowerCase(Locale.ROOT),
                                lag == null ? "-" : lag + " ms",
                                shown(node.get("applied")));
            }
        }
        if (database.get("refusal") != null) {
            surroundings.out().println(database.get("refusal"));
        }
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    /** Shows a pool; false when none of its servers can be used. */
    private boolean pool(Map<?, ?> pool) {
        surroundings
                .out()
                .printf(
                        "%nPOOL %s of %s · %s · %s%n",
                        pool.get("name"), pool.get("owner"), pool.get("balance"), pool.get("mode"));
        surroundings
                .out()
                .printf(
                        "%-7s %-22s %-8s %-12s %-7s %-9s %s%n",
                        "SERVER", "ADDRESS", "CHECKED", "STATE", "WEIGHT", "PICKS", "LAST CHECK");
        boolean served = false;
        if (pool.get("backends") instanceof List<?> backends) {
            for (Object one : backends) {
                Map<?, ?> backend = one instanceof Map<?, ?> map ? map : Map.of();
                surroundings
                        .out()
                        .printf(
                                "%-7s %-22s %-8s %-12s %-7s %-9s %s%n",
                                backend.get("name"),
                                backend.get("address"),
                                backend.get("checked"),
                                backend.get("state"),
                                backend.get("weight"),
                                backend.get("picks"),
                                backend.get("reason"));
                served |= "up".equals(backend.get("checked")) && "ready".equals(backend.get("state"));
            }
        }
        return served;
    }

    private void row(Map<?, ?> role) {
        surroundings
                .out()
                .printf(
                        "%-7s %-17s %-10s %-22s %s%n",
                        role.get("name"), role.get("role"), role.get("server"), role.get("address"), state(role));
    }

    private static @Nullable Object state(Map<?, ?> role) {
        return Boolean.TRUE.equals(role.get("here")) ? role.get("reason") : "in another process";
    }
}
