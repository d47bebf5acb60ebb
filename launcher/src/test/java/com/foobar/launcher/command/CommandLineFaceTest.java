package com.foobar.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.launcher.Exit;
import com.foobar.testkit.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed and what comes back, with everything but the processes. */
class CommandLineFaceTest {
    private static final int SCREEN = 24;
    private static final String DEMO = "../conf/demo.yaml";

    @TempDir
    Path temp;

    private record Result(int status, String out, String err) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run --help",
                "check --help",
                "config --help",
                "status --help",
                "reload --help",
                "switchover --help",
                "rejoin --help",
                "backup --help",
                "restore --help",
                "completion -h"
            })
    void helpFitsOneScreen(String words) {
        Result help = type(words.split(" "));

        assertThat(help.status).isEqualTo(Exit.GOOD);
        assertThat(help.out.lines().count()).isBetween(3L, (long) SCREEN);
    }

    @Test
    void onlyCommandsThatExistAreAnnounced() {
        assertThat(type("--help").out)
                .contains(
                        "run",
                        "check",
                        "config",
                        "status",
                        "reload",
                        "switchover",
                        "failover",
                        "rejoin",
                        "join",
                        "backup",
                        "restore",
                        "completion")
                .doesNotContain("audit", "explain", "firewall");
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(type("--version").out).startsWith("foobar 0.").contains("java");
    }

    @ParameterizedTest
    @CsvSource({
        "frobnicate, frobnicate",
        "--role=cook, 'cook' is no role",
        "--server=nobody --conf=" + DEMO + ", no such server",
        "--conf=missing.yaml, there is no such file",
        "check --conf=missing.yaml, there is no such file",
        "--set=lb.prot=1 --conf=" + DEMO + ", unknown key",
        "check --set=lb --conf=" + DEMO + ", lb",
        "--bogus, --bogus",
        "restore x --until=rubbish --logs=x --conf=" + DEMO + ", 'rubbish' is neither a transaction nor a time",
        "restore x --until=0-1-73, --until and --logs belong together"
    })
    void wrongWordsAreStatusTwoAndExplained(String words, String explanation) {
        Result result = type(words.split(" "));

        assertThat(result.status).isEqualTo(Exit.USAGE);
        assertThat(result.out + result.err).contains(explanation);
    }

    @Test
    void checkPrintsEveryProblemAtOnce() throws Exception {
        Path file = Files.writeString(
                temp.resolve("bad.yaml"),
                """
                servers:
                  a: { address: 127.0.0.1, roles: [lb, webserver, appserver, database-cluster] }
                lb:
                  htp: 80
                  https: eighty
                admin: { port: 99999 }
                """);

        Result result = type("check", "--conf", file.toString());

        assertThat(result.status).isEqualTo(Exit.USAGE);
        assertThat(result.out)
                .contains("bad.yaml:4: lb.htp: unknown key, did you mean lb.http?")
                .contains("bad.yaml:5: lb.https: given \"eighty\"")
                .contains("bad.yaml:6: admin.port: given \"99999\"")
                .contains("3 errors");
    }

    @Test
    void checkOfAGoodFileSaysSo() {
        Result result = type("check", "--conf", "../conf/three-servers.yaml");

        assertThat(result.status).isEqualTo(Exit.GOOD);
        assertThat(result.out).contains("warning: ", "good: 3 servers, 7 instances");
    }

    @Test
    void configShowsEachValueWithItsOriginAndNoSecret() {
        Result result = type(
                Map.of("FOOBAR_WEBSERVER_PORT", "9081"),
                "config",
                "--conf",
                DEMO,
                "--set",
                "lb.http=9080",
                "--set",
                "admin.token=swordfish");

        assertThat(result.status).isEqualTo(Exit.GOOD);
        assertThat(result.out)
                .containsPattern("lb.http = 9080 +# --set lb.http")
                .containsPattern("webserver.port = 9081 +# environment FOOBAR_WEBSERVER_PORT")
                .containsPattern("appserver.port = 8091 +# ../conf/demo.yaml:\\d+")
                .contains("admin.token = ***")
                .doesNotContain("swordfish");
    }

    @Test
    void statusOfNothingSaysThatNobodyAnswers() {
        Result result = type("status", "--conf", DEMO, "--set", "admin.port=" + FreePorts.one());

        assertThat(result.status).isEqualTo(Exit.FOUND);
        assertThat(result.err).contains("no process answers on 127.0.0.1:");
    }

    @Test
    void completionIsAScriptForEveryCommand() {
        assertThat(type("completion").out).contains("complete -F", "reload", "--conf");
    }

    private static Result type(String... words) {
        return type(Map.of(), words);
    }

    private static Result type(Map<String, String> environment, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CommandLineFace.execute(environment, false, printer(out), printer(err), words);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
