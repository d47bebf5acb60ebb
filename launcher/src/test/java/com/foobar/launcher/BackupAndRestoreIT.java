package com.foobar.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.testkit.Await;
import com.foobar.testkit.Child;
import com.foobar.testkit.Children;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Signal;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does after a loss, by the command line alone: a backup becomes a cluster again. */
@Timeout(300)
class BackupAndRestoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

    @TempDir
    Path folder;

    private final Children commands = new Children();
    private final int admin = FreePorts.one();

    @Test
    void aClusterBeginsFromWhatWasRestored() throws Exception {
        List<String> before =
                IntStream.range(0, 50).mapToObj(i -> "before " + i).toList();
        try (commands;
                Stack stack = new Stack(folder)) {
            Child first = stack.start("first", admin);
            stack.awaitService();
            // Two writers in its history: a dump names only the last of them.
            assertThat(ordered("first", "switchover").exit()).isZero();
            write(stack, before);
            Path backup = backUp();
            write(stack, List.of("after"));
            first.signal(Signal.TERM);
            assertThat(first.awaitExit(PATIENCE)).as(first.output()).isEqualTo(Exit.GOOD);

            Jar.Said restored = Jar.say(
                    commands,
                    "restore",
                    backup.toString(),
                    "--data",
                    folder.resolve("second").toString());
            assertThat(restored.exit()).as(restored.text()).isZero();
            assertThat(restored.text()).contains("restored " + backup, "db1, db2, db3");

            Child second = stack.start("second", admin);
            stack.awaitService();
            assertThat(second.output()).doesNotContain("died in office", "Exception");
            awaitReadersWith(stack, before.get(0), 2);
            assertThat(texts(stack)).containsAll(before).doesNotContain("after");
            String primary = primary(stack);
            write(stack, List.of("anew"));
            Jar.Said moved = ordered("second", "switchover");
            assertThat(moved.exit()).as(moved.text()).isZero();
            Await.until(
                    "another one is primary", PATIENCE, () -> !primary(stack).equals(primary));
            write(stack, List.of("by another"));
            awaitReadersWith(stack, "by another", 2);
            assertThat(texts(stack)).containsAll(before).contains("anew").doesNotContain("after");
        }
    }

    private Path backUp() throws Exception {
        Path to = folder.resolve("backups");
        Jar.Said said = ordered("first", "backup", "--to", to.toString());
        assertThat(said.exit()).as(said.text()).isZero();
        assertThat(said.text()).contains("a replica within the lag limit", "verified by a restore");
        System.out.println(said.text());
        try (Stream<Path> all = Files.list(to)) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private Jar.Said ordered(String data, String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(more));
        words.addAll(List.of("--data", folder.resolve(data).toString(), "--set", "admin.port=" + admin));
        return Jar.say(commands, words.toArray(String[]::new));
    }

    private static void write(Stack stack, List<String> texts) {
        for (String text : texts) {
            HttpResponse<String> answer = stack.send(stack.post(text));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    /** Without an attempt at HTTP/2 in clear text, which the application tier answers with 400. */
    private static HttpResponse<String> got(Stack stack, String path) {
        return stack.send(stack.request(path).version(HttpClient.Version.HTTP_1_1));
    }

    private static String primary(Stack stack) {
        return Await.until(
                "somebody takes writes",
                PATIENCE,
                () -> Stack.found(
                                "\"write\":\"(db\\d)\"",
                                got(stack, "/api/whoami").body())
                        .orElse(""),
                name -> !name.isEmpty());
    }

    private static List<String> texts(Stack stack) {
        String body = Await.until(
                "the entries are shown",
                PATIENCE,
                () -> {
                    HttpResponse<String> answer = got(stack, "/api/messages?limit=100");
                    return answer.statusCode() + " " + answer.body();
                },
                answer -> answer.startsWith("200 "));
        assertThat(body).contains("messages");
        return TEXT.matcher(body).results().map(one -> one.group(1)).toList();
    }

    /** Until so many nodes have shown it to somebody who has not written: they follow. */
    private static void awaitReadersWith(Stack stack, String text, int nodes) {
        Set<String> readers = new TreeSet<>();
        String unused = Await.until(
                nodes + " nodes show '" + text + "'",
                PATIENCE,
                () -> {
                    String body = got(stack, "/api/messages?limit=100").body();
                    if (body.contains("\"text\":\"" + text + '"')) {
                        Stack.found("\"node\":\"(db\\d)\"", body).ifPresent(readers::add);
                    }
                    return readers + " " + body;
                },
                seen -> readers.size() >= nodes);
    }
}
