package com.foobar.http.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Address;
import com.foobar.http.pool.Backend;
import com.foobar.http.pool.BackendSettings;
import com.foobar.http.pool.Balance;
import com.foobar.http.pool.CheckCounter;
import com.foobar.http.pool.Checked;
import com.foobar.http.pool.Operator;
import com.foobar.http.pool.Pool;
import com.foobar.kernel.time.SystemTime;
import com.foobar.testkit.Await;
import com.foobar.testkit.FreePorts;
import com.foobar.testkit.Script;
import com.foobar.testkit.ScriptedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final CheckCounter.Rules QUICK =
            new CheckCounter.Rules(2, 3, Duration.ofMillis(20), Duration.ofMillis(10), Duration.ofMillis(20));

    private final SystemTime time = new SystemTime("test");
    private final Pool pool = new Pool("web", 0);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(time));

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void theFirstRoundTellsUpFromDown() throws Exception {
        ScriptedBackend up = backend("web1");
        members(up.port(), FreePorts.one());

        prober(http("/health")).start().get(10, TimeUnit.SECONDS);

        assertThat(checked("web1")).isEqualTo(Checked.UP);
        assertThat(checked("web2")).isEqualTo(Checked.DOWN);
    }

    @Test
    void fallFailuresTakeItDownAndRisePassesBringItBack() throws Exception {
        ScriptedBackend web = backend("web1");
        members(web.port());
        prober(http("/health")).start().get(10, TimeUnit.SECONDS);

        web.health(500);
        awaitState("web1", Checked.DOWN);
        web.health(200);
        awaitState("web1", Checked.UP);
        web.stop();
        awaitState("web1", Checked.DOWN);
    }

    @Test
    void aHungServerIsDownAndDelaysNobodyElse() throws Exception {
        ScriptedBackend hung = backend("web1");
        hung.script(request -> Script.neverAnswer());
        ScriptedBackend web = backend("web2");
        members(hung.port(), web.port());

        prober(http("/ask")).start().get(10, TimeUnit.SECONDS);

        assertThat(checked("web1")).isEqualTo(Checked.DOWN);
        assertThat(checked("web2")).isEqualTo(Checked.UP);
    }

    @Test
    void aDrippedAnswerIsCutAtTheTimeout() throws Exception {
        ScriptedBackend slow = backend("web1");
        slow.script(request -> Script.script().drip("HTTP/1.1 200 OK\r\n\r\n", Duration.ofMillis(60)));
        members(slow.port());
        Prober prober = prober(http("/ask"));

        prober.start().get(10, TimeUnit.SECONDS);

        assertThat(checked("web1")).isEqualTo(Checked.DOWN);
        assertThat(prober.reasons().get("web1")).isEqualTo("no answer within 300 ms");
    }

    @Test
    void rubbishAndMissingTextAreNoAnswer() throws Exception {
        ScriptedBackend rubbish = backend("web1");
        rubbish.script(
                request -> Script.script().write("SSH-2.0-OpenSSH_9.2\r\n").close());
        ScriptedBackend other = backend("web2");
        members(rubbish.port(), other.port());
        CheckSettings wanted = new CheckSettings(
                CheckSettings.Kind.HTTP,
                "/ask",
                "x",
                200,
                399,
                Optional.of("web2"),
                Optional.empty(),
                Duration.ofMillis(300),
                QUICK);
        Prober prober = prober(wanted);

        prober.start().get(10, TimeUnit.SECONDS);

        assertThat(prober.reasons().get("web1")).isEqualTo("the answer is not HTTP");
        assertThat(checked("web2")).isEqualTo(Checked.UP);
    }

    @Test
    void maintenanceIsNotCheckedAndEndsWithACheck() throws Exception {
        ScriptedBackend web = backend("web1");
        members(web.port());
        prober(http("/health")).start().get(10, TimeUnit.SECONDS);
        Backend backend = backend();

        backend.order(Operator.MAINTENANCE);
        web.stop();
        backend.order(Operator.READY);

        awaitState("web1", Checked.DOWN);
    }

    @Test
    void aNewMemberIsCheckedAtOnceAndAGoneOneNoMore() throws Exception {
        ScriptedBackend first = backend("web1");
        ScriptedBackend second = backend("web2");
        members(first.port());
        Prober prober = prober(http("/health"));
        prober.start().get(10, TimeUnit.SECONDS);

        members(first.port(), second.port());
        prober.replace(http("/health"));
        awaitState("web2", Checked.UP);
        members(first.port());
        prober.replace(http("/health"));

        assertThat(prober.reasons()).containsOnlyKeys("web1");
    }

    @Test
    void aConnectionIsEnoughForTcpAndNothingForNone() throws Exception {
        ScriptedBackend silent = backend("web1");
        silent.script(request -> Script.neverAnswer());
        members(silent.port());
        CheckSettings tcp = new CheckSettings(
                CheckSettings.Kind.TCP,
                "",
                "",
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(300),
                QUICK);

        prober(tcp).start().get(10, TimeUnit.SECONDS);

        assertThat(checked("web1")).isEqualTo(Checked.UP);
    }

    private static CheckSettings http(String path) {
        return CheckSettings.http(path, "check", Duration.ofMillis(300), QUICK);
    }

    private Prober prober(CheckSettings settings) {
        Prober prober = new Prober("lb1", pool, settings, time, (backend, passed, changed, reason, nanos) -> {});
        open.add(prober);
        return prober;
    }

    private ScriptedBackend backend(String name) throws Exception {
        ScriptedBackend backend = ScriptedBackend.answering(name);
        open.add(backend);
        return backend;
    }

    private void members(int... ports) {
        List<BackendSettings> settings = new ArrayList<>();
        for (int port : ports) {
            settings.add(BackendSettings.of("web" + (settings.size() + 1), new Address("127.0.0.1", port)));
        }
        pool.replace(settings, Balance.of(Balance.Kind.ROUNDROBIN));
    }

    private Backend backend() {
        return pool.backends().get(0);
    }

    private Checked checked(String name) {
        return pool.backends().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow()
                .health()
                .checked();
    }

    private void awaitState(String name, Checked state) {
        Await.until(name + " " + state, PATIENCE, () -> checked(name) == state);
    }
}
