package com.foobar.launcher.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.launcher.admin.DatabaseDesk.Change;
import com.foobar.launcher.admin.DatabaseDesk.Order;
import com.foobar.launcher.admin.DatabaseDesk.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseDeskTest {
    private final Listed cluster = new Listed();
    private final DatabaseDesk desk = new DatabaseDesk(Optional.of(cluster));

    /** Notes what it is asked, and answers when the test says so. */
    private static final class Listed implements DatabaseDesk.Cluster {
        final List<Object> asked = new ArrayList<>();
        final CompletableFuture<String> document = new CompletableFuture<>();
        Reply reply = new Reply(true, "done");

        @Override
        public CompletableFuture<String> newerThan(long epoch, long version, Duration wait) {
            asked.add(epoch + "." + version + " for " + wait.toSeconds());
            return document.copy();
        }

        @Override
        public CompletableFuture<Reply> order(Order order) {
            asked.add(order);
            return CompletableFuture.completedFuture(reply);
        }

        @Override
        public SortedSet<String> nodes() {
            return new TreeSet<>(List.of("db1", "db2", "db3"));
        }

        @Override
        public Map<String, ?> facts() {
            return Map.of("epoch", 3L);
        }
    }

    @Test
    void whoAsksForNewsWaitsForIt() {
        CompletableFuture<Answer> answer = desk.document(Map.of("after", "3.17", "wait", "5s"));
        assertThat(cluster.asked).containsExactly("3.17 for 5");
        assertThat(answer).isNotDone();
        cluster.document.complete("{\"epoch\":4}");
        assertThat(answer.join().body()).isEqualTo("{\"epoch\":4}\n");
    }

    @Test
    void nobodyWaitsLongerThanTheAdminPortLives() {
        var unused = desk.document(Map.of("wait", "9999s"));
        assertThat(cluster.asked).containsExactly("0.0 for 30");
    }

    @ParameterizedTest
    @CsvSource({"3, 5s", "3.x, 5s", "3.17, 5", "3.17, -5s", "3.17.1, 5s", "'', 5s"})
    void aBadQuestionIsAnsweredWithAGoodOne(String after, String wait) {
        Answer answer = desk.document(Map.of("after", after, "wait", wait)).join();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("?after=3.17&wait=5s");
    }

    @Test
    void askersAreNotTakenWithoutEnd() {
        for (int i = 0; i < 256; i++) {
            assertThat(desk.document(Map.of("wait", "5s"))).isNotDone();
        }
        assertThat(desk.document(Map.of("wait", "5s")).join().status()).isEqualTo(503);
        cluster.document.complete("{}");
        assertThat(desk.document(Map.of("wait", "5s")).join().status()).isEqualTo(200);
    }

    @Test
    void aCoordinatorThatKnowsNothingIsNoDocument() {
        cluster.document.completeExceptionally(new IllegalStateException("no leader is known"));
        Answer answer = desk.document(Map.of()).join();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("no leader is known");
    }

    @Test
    void ordersSayWhatIsWanted() {
        assertThat(order("switchover", "{\"to\":\"db2\",\"dryRun\":true}").status())
                .isEqualTo(200);
        assertThat(order("switchover", "").status()).isEqualTo(200);
        assertThat(order("failover", "{\"acceptLoss\":\"yes\"}").status()).isEqualTo(200);
        assertThat(order("rejoin", "{\"node\":\"db1\"}").status()).isEqualTo(200);
        assertThat(order("rejoin", "{\"node\":\"db1\",\"anew\":true}").status()).isEqualTo(200);
        assertThat(order("drain", "{\"node\":\"db2\"}").status()).isEqualTo(200);
        assertThat(order("ready", "{\"node\":\"db2\"}").status()).isEqualTo(200);
        assertThat(order("maintenance", "{\"state\":\"on\"}").status()).isEqualTo(200);
        assertThat(cluster.asked)
                .containsExactly(
                        new Order(Change.SWITCHOVER, Optional.of("db2"), true, Optional.empty()),
                        new Order(Change.SWITCHOVER, Optional.empty(), false, Optional.empty()),
                        new Order(Change.FAILOVER, Optional.empty(), false, Optional.of("yes")),
                        new Order(Change.REJOIN, Optional.of("db1"), false, Optional.empty()),
                        new Order(Change.REJOIN, Optional.of("db1"), false, Optional.of("anew")),
                        new Order(Change.DRAIN, Optional.of("db2"), false, Optional.empty()),
                        new Order(Change.READY, Optional.of("db2"), false, Optional.empty()),
                        new Order(Change.MAINTENANCE, Optional.empty(), false, Optional.of("on")));
    }

    @ParameterizedTest
    @CsvSource({
        "switchover, '{\"To\":\"db2\"}'",
        "switchover, '{\"to\":2}'",
        "switchover, '[]'",
        "switchover, '{'",
        "switchover, '{\"dryRun\":\"yes\"}'",
        "failover, '{\"to\":\"db2\"}'",
        "rejoin, '{}'",
        "drain, '{}'",
        "ready, '{\"node\":\"db1\",\"dryRun\":true}'",
        "rejoin, '{\"node\":\"db1\",\"anew\":1}'",
        "rejoin, '{\"node\":\"db1\",\"anew\":\"no\"}'",
        "join, '{\"node\":\"db1\",\"anew\":true}'",
        "join, '{\"node\":null}'",
        "maintenance, '{\"state\":\"maybe\"}'",
        "maintenance, ''",
    })
    void rubbishIsNotCarriedOut(String change, String body) {
        Answer answer = order(change, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("expected {");
        assertThat(cluster.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "switchover, '{\"to\":\"db9\"}', db9",
        "rejoin, '{\"node\":\"db1 \"}', 'db1 '",
        "join, '{\"node\":\"\",\"dryRun\":true}', ''"
    })
    void aNodeThatIsNotThereIsNamedBesideThoseThatAre(String change, String body, String name) {
        Answer answer = order(change, body);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("there is no node " + name + ", there are db1, db2, db3");
        assertThat(cluster.asked).isEmpty();
    }

    @Test
    void aRefusalIsNotASuccess() {
        cluster.reply = new Reply(false, "db2 is not attached");
        assertThat(order("switchover", "").status()).isEqualTo(409);
        assertThat(order("switchover", "").body()).contains("db2 is not attached");
    }

    @Test
    void whereNoDatabaseRunsNobodyIsAsked() {
        DatabaseDesk none = new DatabaseDesk(Optional.empty());
        assertThat(none.document(Map.of()).join().status()).isEqualTo(404);
        assertThat(none.order(DatabaseDesk.PREFIX + "switchover", "").join().status())
                .isEqualTo(404);
        assertThat(order("nonsense", "").status()).isEqualTo(404);
    }

    private Answer order(String change, String body) {
        return desk.order(DatabaseDesk.PREFIX + change, body).join();
    }
}
