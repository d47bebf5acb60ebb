package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.data.TopologyNews.Heard;
import com.foobar.kernel.time.SystemTime;
import com.foobar.kernel.value.HostPort;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Admin ports that answer, hold back, hang and talk rubbish. */
class PolledTopologyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final String owner = "asker" + System.nanoTime();
    private final SystemTime time = new SystemTime("polled");
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        never.countDown();
        for (AutoCloseable one : open) {
            one.close();
        }
        time.close();
    }

    private ScriptedBackend admin(String name, Function<Request, Script> script) {
        ScriptedBackend admin = ScriptedBackend.scripted(name, script);
        open.add(admin);
        return admin;
    }

    private PolledTopology asking(ScriptedBackend... admins) {
        return asking(Stream.of(admins).map(ScriptedBackend::port).toList());
    }

    private PolledTopology asking(List<Integer> ports) {
        List<HostPort> doors =
                ports.stream().map(port -> new HostPort("127.0.0.1", port)).toList();
        PolledTopology polled = new PolledTopology(owner, "foobar", doors, WAIT, Duration.ofSeconds(1), time);
        open.add(0, polled);
        return polled;
    }

    private static String document(long epoch, long version) {
        return "{\"cluster\": \"foobar\", \"epoch\": " + epoch + ", \"version\": " + version
                + ", \"primary\": \"db1\", \"parked\": false, \"validityMillis\": 3000, \"nodes\":"
                + " [{\"name\": \"db1\", \"address\": \"127.0.0.1:33061\", \"role\": \"primary\"}]}";
    }

    private static String stamp(PolledTopology polled) {
        return polled.newest().map(heard -> heard.document().stamp()).orElse("nothing");
    }

    private static void awaitStamp(PolledTopology polled, String stamp) {
        Await.until("it has heard " + stamp, PATIENCE, () -> stamp(polled), stamp::equals);
    }

    /** Who already knows asks for what comes after it, and is answered when there is such. */
    @Test
    void asksForWhatItDoesNotKnowYet() {
        ScriptedBackend admin = admin(
                "db1",
                request -> request.target().contains("after=1.1")
                        ? Script.answer(200, document(1, 2))
                        : request.target().contains("after=")
                                ? Script.script().hold(never)
                                : Script.answer(200, document(1, 1)));
        PolledTopology polled = asking(admin);
        awaitStamp(polled, "1.2");
        List<Request> asked = admin.awaitRequests(3);
        assertThat(asked.stream().map(Request::target).limit(3))
                .containsExactly("/database", "/database?after=1.1&wait=1000ms", "/database?after=1.2&wait=1000ms");
    }

    @Test
    void theNewestAnswerCountsWhoeverGaveIt() {
        ScriptedBackend ahead = admin("ahead", request -> Script.answer(200, document(3, 1)));
        ScriptedBackend behind = admin("behind", request -> Script.answer(200, document(2, 9)));
        PolledTopology polled = asking(ahead, behind);
        awaitStamp(polled, "3.1");
        List<String> heard = new ArrayList<>();
        polled.subscribe(each -> heard.add(each.document().stamp()));
        behind.awaitRequests(3);
        assertThat(heard).contains("3.1").doesNotContain("2.9");
    }

    static Stream<Script> rubbish() {
        return Stream.of(
                Script.answer(503, document(9, 1)),
                Script.answer(302, "", "Location: /elsewhere"),
                Script.answer(200, "{\"cluster\": "),
                Script.answer(200, document(9, 1).replace("\"foobar\"", "\"another\"")),
                Script.answer(200, document(9, 1) + " ".repeat(300_000)),
                Script.script().write("SSH-2.0-no HTTP at all\r\n\r\n").close(),
                Script.script()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
                        .close(),
                Script.script().reset());
    }

    /** It is asked again, and meanwhile the other one is believed. */
    @ParameterizedTest
    @MethodSource
    void rubbish(Script answer) {
        ScriptedBackend mad = admin("mad", request -> answer);
        ScriptedBackend sane = admin("sane", request -> Script.answer(200, document(1, 1)));
        PolledTopology polled = asking(mad, sane);
        awaitStamp(polled, "1.1");
        mad.awaitRequests(3);
        assertThat(stamp(polled)).isEqualTo("1.1");
        mad.script(request -> Script.answer(200, document(2, 1)));
        awaitStamp(polled, "2.1");
    }

    @Test
    void oneThatHangsAndOneThatIsNotThereDelayNobody() {
        ScriptedBackend hanging = admin("hanging", request -> Script.neverAnswer());
        ScriptedBackend well = admin("well", request -> Script.answer(200, document(1, 1)));
        PolledTopology polled = asking(List.of(hanging.port(), FreePorts.one(), well.port()));
        awaitStamp(polled, "1.1");
        hanging.awaitRequests(1);
        well.script(request -> Script.answer(200, document(1, 2)));
        awaitStamp(polled, "1.2");
        // Given up after a while and asked anew, not for ever stuck in one question.
        Await.until("it is asked again", PATIENCE, () -> hanging.requests().size() >= 2);
    }

    /** A head at once and a body that never ends: the client's own timeout does not see that. */
    @Test
    void aBodyThatDripsIsGivenUp() {
        ScriptedBackend dripping = admin("dripping", request -> Script.script()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
                .hold(never));
        PolledTopology polled = asking(dripping);
        dripping.awaitRequests(1);
        dripping.script(request -> Script.answer(200, document(1, 1)));
        awaitStamp(polled, "1.1");
    }

    /** A fact that contradicts the document: what is known is not good enough to wait upon. */
    @Test
    void inDoubtItAsksForTheWholeAndAtOnce() {
        ScriptedBackend admin = admin(
                "db1",
                request -> request.target().contains("after=")
                        ? Script.answer(503, "not now")
                        : Script.answer(200, document(1, 1)));
        PolledTopology polled = asking(admin);
        awaitStamp(polled, "1.1");
        long known = polled.newest().map(Heard::askedAtNanos).orElseThrow();
        admin.awaitRequests(3);
        polled.askAgain();
        Await.until(
                "the same is heard anew",
                PATIENCE,
                () -> polled.newest().map(Heard::askedAtNanos).orElseThrow() - known > 0);
        assertThat(stamp(polled)).isEqualTo("1.1");
    }

    /** As one that does not know how to hold a question back: without a pause it would be asked thousands of times a second. */
    @ParameterizedTest
    @ValueSource(strings = {"foobar", "another"})
    void whoAnswersTheSameAtOnceIsNotAskedAtOnce(String cluster) {
        ScriptedBackend hasty =
                admin("hasty", request -> Script.answer(200, document(1, 1).replace("foobar", cluster)));
        long begun = System.nanoTime();
        asking(hasty);
        hasty.awaitRequests(6);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void closedItAsksNobodyAndKeepsNoThread() {
        ScriptedBackend holding = admin("holding", request -> Script.neverAnswer());
        PolledTopology polled = asking(holding);
        holding.awaitRequests(1);
        polled.close();
        Await.until("its threads have ended", PATIENCE, () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(owner + "-topology")));
        assertThat(holding.requests()).hasSize(1);
    }
}
