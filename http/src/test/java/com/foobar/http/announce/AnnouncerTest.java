package com.foobar.http.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.foobar.kernel.json.Json;
import com.foobar.kernel.value.HostPort;
import com.foobar.kernel.value.Secret;
import com.foobar.testkit.Request;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AnnouncerTest {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final ScriptedBackend lb1 =
            ScriptedBackend.scripted("lb1", request -> Script.answer(200, "web/web1: done"));
    private final ScriptedBackend lb2 =
            ScriptedBackend.scripted("lb2", request -> Script.answer(200, "web/web1: done"));
    private final ScriptedBackend lb3 =
            ScriptedBackend.scripted("lb3", request -> Script.answer(200, "web/web1: done"));

    @AfterEach
    void close() {
        List.of(lb1, lb2, lb3).forEach(ScriptedBackend::close);
    }

    private Announcer announcer(ScriptedBackend... balancers) {
        List<BalancerDoor> doors = Stream.of(balancers)
                .map(one -> new BalancerDoor(
                        one.name(), new HostPort("127.0.0.1", one.port()), Secret.parse("token-of-" + one.name())))
                .toList();
        return new Announcer("web", "web1", doors, PATIENCE);
    }

    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of(Announcement.drain(), "drain", 100L),
                Arguments.of(Announcement.ready(), "ready", 100L),
                Arguments.of(Announcement.share(40), "ready", 40L));
    }

    @ParameterizedTest
    @MethodSource("words")
    void everyBalancerIsToldWithItsOwnToken(Announcement what, String state, long weight) throws Exception {
        Told told = announcer(lb1, lb2, lb3).tell(what);

        assertThat(told.all()).isTrue();
        assertThat(told.complaints()).isEmpty();
        assertThat(told.answers().keySet()).containsExactly("lb1", "lb2", "lb3");
        for (ScriptedBackend one : List.of(lb1, lb2, lb3)) {
            assertThat(one.requests()).hasSize(1);
            Request request = one.requests().get(0);
            assertThat(request.method() + " " + request.target()).isEqualTo("PUT /pools/web/web1");
            assertThat(request.headers("Authorization")).containsExactly("Bearer token-of-" + one.name());
            assertThat(Json.parse(request.text())).isEqualTo(Map.of("from", "node", "state", state, "weight", weight));
        }
    }

    @Test
    void oneThatHangsAndOneThatIsDeadHoldUpNobodyLongerThanThePatience() throws Exception {
        lb1.hang();
        lb2.stop();
        long began = System.nanoTime();
        Told told = announcer(lb1, lb2, lb3).tell(Announcement.drain());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE.multipliedBy(3));
        assertThat(told.all()).isFalse();
        assertThat(told.answers().values().stream().map(Answer::kind))
                .containsExactly(Answer.Kind.SILENT, Answer.Kind.SILENT, Answer.Kind.HEARD);
        assertThat(told.complaints()).hasSize(2);
        assertThat(told.complaints().get(0)).isEqualTo("lb1 (127.0.0.1:" + lb1.port() + "): no answer within 500 ms");
        assertThat(told.complaints().get(1)).startsWith("lb2 (127.0.0.1:" + lb2.port() + "): ");
    }

    @Test
    void allAreToldAtTheSameTime() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        for (ScriptedBackend one : List.of(lb1, lb2, lb3)) {
            one.script(request ->
                    Script.script().tell(three).hold(three).write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        }

        assertThat(announcer(lb1, lb2, lb3).tell(Announcement.drain()).all()).isTrue();
    }

    @Test
    void anAnswerThatDripsIsNotWaitedFor() throws Exception {
        lb1.script(request -> Script.script()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
                .drip("x".repeat(200), Duration.ofMillis(50)));
        long began = System.nanoTime();
        Told told = announcer(lb1).tell(Announcement.drain());

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE.multipliedBy(3));
        assertThat(told.answers().get("lb1"))
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Answer.Kind.SILENT));
    }

    @ParameterizedTest
    @CsvSource({
        "401, NOT_TRUSTED, admin.token",
        "403, NOT_TRUSTED, admin.token",
        "404, UNKNOWN,     same topology file",
        "307, FAILED,      answered 307",
        "400, FAILED,      answered 400",
        "500, FAILED,      answered 500"
    })
    void whatABalancerSaysIsTurnedIntoADiagnosisWithoutTheToken(int status, Answer.Kind kind, String words)
            throws Exception {
        lb1.script(request -> Script.answer(status, "no", "Location: http://127.0.0.1:" + lb2.port() + "/"));
        Answer answer = announcer(lb1).tell(Announcement.drain()).answers().get("lb1");

        assertThat(answer).isNotNull();
        assertThat(answer.kind()).isEqualTo(kind);
        assertThat(answer.detail()).contains("lb1", words).doesNotContain("token-of-lb1");
        assertThat(lb2.requests()).as("nobody is sent on").isEmpty();
    }

    @Test
    void rubbishIsSilence() throws Exception {
        lb1.script(request -> Script.script().write("SSH-2.0-rubbish\r\n\r\n").close());

        assertThat(announcer(lb1).tell(Announcement.drain()).answers().get("lb1"))
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Answer.Kind.SILENT));
    }

    @Test
    void nobodyToTellIsAllTold() throws Exception {
        assertThat(announcer().tell(Announcement.drain()).all()).isTrue();
    }

    @Test
    void whatMakesNoSenseIsRefusedAtOnce() {
        assertThatThrownBy(() -> Announcement.share(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Announcer("web", "web1", List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
