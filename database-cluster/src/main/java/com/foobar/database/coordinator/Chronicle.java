package com.foobar.database.coordinator;

import com.foobar.database.decide.Action;
import com.foobar.database.decide.Diagnosis;
import com.foobar.database.decide.Failover;
import com.foobar.database.decide.Finding;
import com.foobar.database.decide.Governor;
import com.foobar.database.decide.Stage;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.Moment;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells each change once, with what it was drawn from, and nothing at the looks in between. Only the ring's thread comes here. */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);
    private static final Set<Diagnosis> GOOD = Set.of(Diagnosis.HEALTHY, Diagnosis.NEVER_FOUNDED, Diagnosis.CLOSED);

    /** Between two steps of a failover something is always missing; only what stays so is news. */
    private static final Duration LASTING = Duration.ofMillis(300);

    /** A new primary is alone until its replicas have come over. */
    private static final Duration COMING_OVER = Duration.ofSeconds(2);

    private final BiConsumer<String, Duration> stageTook;
    private final BiConsumer<Diagnosis, Refusal> refused;
    private @Nullable Diagnosis diagnosis;
    private @Nullable Moment changed;
    private String refusal = "";
    private Moment refusedSince = new Moment(0);
    private boolean refusalTold;
    private @Nullable Stage stage;
    private @Nullable Failover last;
    private final List<String> stages = new ArrayList<>();
    private @Nullable String crowned;
    private Moment stageSince = new Moment(0);
    private String notice = "";

    Chronicle(BiConsumer<String, Duration> stageTook, BiConsumer<Diagnosis, Refusal> refused) {
        this.stageTook = stageTook;
        this.refused = refused;
    }

    void forget() {
        diagnosis = null;
        changed = null;
        refusal = "";
        stage = null;
        last = null;
        stages.clear();
        crowned = null;
        notice = "";
    }

    void tell(Governor.Turn turn, ClusterView view, Moment now) {
        Finding finding = turn.finding();
        // In the middle of a failover or switchover the strange is expected; what is left of it afterwards is told
        // then.
        boolean changes = turn.next().failover() != null || turn.next().switchover() != null;
        changed = changes ? now : changed;
        boolean begins = changes && stage == null && !GOOD.contains(finding.diagnosis());
        if (finding.diagnosis() != diagnosis && (begins || !changes) && !comesOver(finding.diagnosis(), now)) {
            diagnosis = finding.diagnosis();
            LOG.atLevel(level(diagnosis))
                    .addKeyValue("diagnosis", diagnosis.name())
                    .addKeyValue("evidence", finding.evidence())
                    .addKeyValue("nodes", nodes(view))
                    .log("{}: {} ({})", diagnosis, diagnosis.sentence(), finding.evidence());
        }
        stage(turn.next().failover(), now);
        refusal(turn.refusal(), finding.diagnosis(), view, now);
    }

    private boolean comesOver(Diagnosis seen, Moment now) {
        return seen == Diagnosis.PRIMARY_ALONE
                && changed != null
                && now.since(changed).compareTo(COMING_OVER) < 0;
    }

    private static Level level(Diagnosis diagnosis) {
        return GOOD.contains(diagnosis) ? Level.INFO : Level.WARN;
    }

    private void refusal(@Nullable Refusal why, Diagnosis about, ClusterView view, Moment now) {
        // A refusal counts milliseconds; only what is wanted and how many reasons there are makes it a new one.
        String words = why == null ? "" : why.wanted() + why.reasons().size() + why.cure();
        if (!words.equals(refusal)) {
            refusal = words;
            refusedSince = now;
            refusalTold = why == null;
            if (why != null) {
                refused.accept(about, why);
            }
        }
        if (why != null && !refusalTold && now.since(refusedSince).compareTo(LASTING) >= 0) {
            refusalTold = true;
            LOG.atWarn().addKeyValue("nodes", nodes(view)).log("{}", why);
        }
    }

    private void stage(@Nullable Failover failover, Moment now) {
        Stage here = failover == null ? null : failover.stage();
        if (here == stage) {
            return;
        }
        if (stage != null) {
            Duration took = now.since(stageSince);
            stageTook.accept(stage.name(), took);
            stages.add(stage + " " + took.toMillis());
        }
        stage = here;
        stageSince = now;
        if (failover == null && last != null) {
            over(last, now);
        }
        last = failover;
        if (failover != null && here != null) {
            LOG.atInfo()
                    .addKeyValue("stage", here.name())
                    .addKeyValue("sinceBegin", now.since(failover.began()).toMillis())
                    .log("Failover from {}, {}: {}", failover.deposed(), here, here.sentence());
        }
    }

    private void over(Failover ended, Moment now) {
        LOG.atInfo()
                .addKeyValue("from", ended.deposed().text())
                .addKeyValue("stages", stages.toString())
                .log(
                        "Failover from {} {} after {} ms ({} ms)",
                        ended.deposed(),
                        crowned == null ? "ended without a new primary" : "to " + crowned + " is over",
                        now.since(ended.began()).toMillis(),
                        String.join(", ", stages));
        stages.clear();
        crowned = null;
    }

    void written(Action.Write write) {
        if (write.next().epoch().isAfter(write.expected().epoch())) {
            crowned = write.next().primary() + " in " + write.next().epoch();
        }
        LOG.atInfo()
                .addKeyValue("version", write.next().version())
                .addKeyValue("epoch", write.next().epoch().number())
                .addKeyValue("primary", write.next().primary().text())
                .addKeyValue("ackers", write.next().ackers().toString())
                .addKeyValue("floor", write.next().floor().toString())
                .log(
                        "The record is now version {}, {}: {}",
                        write.next().version(),
                        write.next().epoch(),
                        write.why());
    }

    /** One sentence about a state that is no diagnosis, once. */
    void notice(String sentence) {
        if (!sentence.equals(notice)) {
            notice = sentence;
            LOG.info("{}", sentence);
        }
    }

    static Map<String, String> nodes(ClusterView view) {
        Map<String, String> nodes = new TreeMap<>();
        view.nodes().forEach((name, seen) -> {
            NodeState state = seen.state();
            nodes.put(
                    name.text(),
                    state == null
                            ? seen.reach() + ", keeper " + seen.keeper()
                            : state.role() + " " + state.reign() + " applied " + state.applied() + " received "
                                    + state.received() + " receiver "
                                    + state.receiver().state() + " "
                                    + state.receiver().generation());
        });
        return nodes;
    }
}
