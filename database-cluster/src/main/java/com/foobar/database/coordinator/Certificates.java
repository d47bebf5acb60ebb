package com.foobar.database.coordinator;

import com.foobar.database.model.Certificate;
import com.foobar.database.model.Moment;
import com.foobar.database.model.Vote;
import com.foobar.database.storage.DurableFile;
import com.foobar.kernel.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of failovers, one file an epoch, on the disk before the crown is written. A disk that is full or hangs does not hold a
 * proven failover back for longer than its patience: the proof is then in the log, which says so. Only the ring's thread comes here.
 */
final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final Path folder;
    private final Executor disk;
    private final Executor ring;
    private final InstantSource wall;
    private final Runnable kept;
    private @Nullable Certificate begun;
    private @Nullable Moment begunAt;
    private boolean settled;

    Certificates(Path folder, Executor disk, Executor ring, InstantSource wall, Runnable kept) {
        this.folder = folder;
        this.disk = disk;
        this.ring = ring;
        this.wall = wall;
        this.kept = kept;
    }

    /** Whether the crown may be written now; when not yet, {@code kept} is run as soon as it may. */
    boolean isKept(Certificate certificate, Moment now, Duration patience) {
        if (!certificate.equals(begun)) {
            begin(certificate, now);
        }
        if (!settled && begunAt != null && now.since(begunAt).compareTo(patience) >= 0) {
            settled = true;
            LOG.error("The disk of {} does not answer; the certificate is here only: {}", folder, json(certificate));
        }
        return settled;
    }

    private void begin(Certificate certificate, Moment now) {
        begun = certificate;
        begunAt = now;
        settled = false;
        Path file = folder.resolve("epoch-" + certificate.epoch().number() + ".json");
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> write(file, certificate), disk)
                .thenRunAsync(
                        () -> {
                            if (certificate.equals(begun)) {
                                settled = true;
                                kept.run();
                            }
                        },
                        ring);
    }

    private void write(Path file, Certificate certificate) {
        String text = json(certificate);
        try {
            Path unused = DurableFile.secretFolder(folder);
            DurableFile.write(file, text + "\n");
            LOG.info("{}", certificate.sentence());
        } catch (IOException | RuntimeException e) {
            LOG.error("The certificate cannot be written to {} ({}); it is here only: {}", file, e.toString(), text);
        }
    }

    private String json(Certificate certificate) {
        JsonWriter json = new JsonWriter();
        append(json.beginObject().field("written", wall.instant().toString()), certificate);
        return json.end().toString();
    }

    static void append(JsonWriter json, Certificate certificate) {
        json.field("epoch", certificate.epoch().number())
                .field("term", certificate.term().number())
                .field("deposed", certificate.deposed().text())
                .field("promoted", certificate.promoted().text())
                .field("proven", certificate.proven())
                .field("sentence", certificate.sentence())
                .field("fence", certificate.fence())
                .field("bound", certificate.bound().toString())
                .field("drained", certificate.drained().toString())
                .name("votes")
                .beginArray();
        for (Vote vote : certificate.votes()) {
            json.value(vote.toString());
        }
        json.end().name("ranking").any(certificate.ranking());
        json.name("unreachable").any(certificate.unreachable());
    }
}
