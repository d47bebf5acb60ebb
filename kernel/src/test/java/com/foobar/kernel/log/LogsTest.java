package com.foobar.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.LoggerContext;
import com.foobar.kernel.json.Json;
import com.foobar.kernel.json.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

class LogsTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final Logger logger = LoggerFactory.getLogger("com.foobar.lb.Listener");

    @Test
    void oneEventIsOneLineForPeopleAndOneForMachines() throws Exception {
        try (Logs logs = start()) {
            MDC.put("role", "lb1");
            MDC.put("trace", "4bf9");
            logger.atWarn()
                    .addKeyValue("port", 443)
                    .addKeyValue("level", "forged")
                    .setCause(new IOException("in use"))
                    .log("cannot listen\non {}", "https");
            MDC.clear();
            assertThat(logs.missingInFile() + logs.missingOnConsole()).isZero();
        }
        assertThat(shown())
                .contains("WARN  lb1      cannot listen\\non https")
                .contains("    IOException: in use (LogsTest.");
        Map<?, ?> line = lines().get(0);
        assertThat(line.get("level")).isEqualTo("WARN");
        assertThat(line.get("role")).isEqualTo("lb1");
        assertThat(line.get("logger")).isEqualTo("com.foobar.lb.Listener");
        assertThat(line.get("message")).isEqualTo("cannot listen\non https");
        assertThat(line.get("mdc")).isEqualTo(Map.of("role", "lb1", "trace", "4bf9"));
        assertThat(line.get("fields")).isEqualTo(Map.of("port", 443L, "level", "forged"));
        assertThat((String) line.get("exception")).contains("IOException: in use", "at com.foobar.kernel.log.LogsTest");
        assertThat(Instant.parse((String) line.get("ts"))).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void javaUtilLoggingArrivesAndNoisyLibrariesAreQuiet() throws Exception {
        try (Logs logs = start()) {
            assertThat(logs).isNotNull();
            java.util.logging.Logger.getLogger("sun.rmi").warning("from the JDK");
            LoggerFactory.getLogger("org.xnio.nio").info("XNIO version");
            LoggerFactory.getLogger("io.undertow").warn("worth reading");
        }
        assertThat(lines())
                .extracting(line -> (Object) line.get("message"))
                .containsExactly("from the JDK", "worth reading");
        assertThat(shown()).contains("from the JDK", "worth reading").doesNotContain("XNIO version");
    }

    @Test
    void aLevelCanBeChangedWhileItRuns() throws Exception {
        try (Logs logs = start()) {
            logger.debug("one");
            logs.level("com.foobar.lb", Level.DEBUG);
            logger.debug("two");
            logs.level("com.foobar.lb", null);
            logger.debug("three");
            logs.level("ROOT", Level.ERROR);
            logger.warn("four");
            assertThatIllegalArgumentException().isThrownBy(() -> logs.level("ROOT", null));
        }
        assertThat(lines()).extracting(line -> (Object) line.get("message")).containsExactly("two");
    }

    @Test
    void afterTheEndOnlyWarningsAreShownAndTheFileIsLeftAlone() throws Exception {
        start().close();
        logger.info("not shown");
        assertThat(logger.isInfoEnabled()).isFalse();
        assertThat(logger.isWarnEnabled()).isTrue();
        assertThat(folder.resolve("foobar.jsonl")).doesNotExist();
    }

    @Test
    void logbackItselfSaysNothingAndSearchesForNothing() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getMessage().contains("logback.xml"));
    }

    private Logs start() {
        PrintStream out = new PrintStream(console, true, StandardCharsets.UTF_8);
        return Logs.start(Logs.Options.of(folder, out, new HandTime()));
    }

    private String shown() {
        return console.toString(StandardCharsets.UTF_8);
    }

    private List<Map<?, ?>> lines() throws IOException, JsonSyntaxException {
        List<Map<?, ?>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("foobar.jsonl"))) {
            lines.add((Map<?, ?>) Json.parse(line));
        }
        return lines;
    }
}
