package com.foobar.database.coordinator;

import com.foobar.database.decide.Action;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.Moment;
import com.foobar.database.model.Term;
import com.foobar.kernel.time.Time;
import com.foobar.quorum.Confirmed;
import com.foobar.quorum.Quorum;
import com.foobar.quorum.Standing;
import com.foobar.quorum.Written;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this coordinator has of the quorum: the lease and the record, asked for and written. Its answers come back as tasks of the ring, and
 * only the ring's thread comes here, but for {@link #tenure}.
 */
final class Mandate {
    private static final Logger LOG = LoggerFactory.getLogger(Mandate.class);

    private static final int MOST_CONFIRMS = 2;

    /** Who is told what the quorum said. */
    interface Heir {
        /** It leads, for the first time or again. */
        void begins(Term term, boolean isNew);

        /** The record is another one than before. */
        void learned();

        /** What was stored cannot be read. */
        void unreadable(String why);

        void written(Action.Write write);

        /** An answer was taken in. */
        void turn();
    }

    private final CoordinatorPlan plan;
    private final Quorum quorum;
    private final Time time;
    private final Executor ring;
    private final Heir heir;

    /** Written by the ring only; keepers' threads and readers of the bulletin read it. */
    private volatile Tenure tenure;

    private Moment confirmAsked;
    private int confirms;
    private boolean writing;
    private boolean led;

    Mandate(CoordinatorPlan plan, Quorum quorum, Time time, Executor ring, Heir heir) {
        this.plan = plan;
        this.quorum = quorum;
        this.time = time;
        this.ring = ring;
        this.heir = heir;
        this.tenure = Tenure.none(now());
        this.confirmAsked = now();
    }

    private Moment now() {
        return new Moment(time.nanos());
    }

    Tenure tenure() {
        return tenure;
    }

    /** For any thread. */
    boolean holdsNow() {
        return tenure.holds(now(), plan.tempo().lease());
    }

    boolean isWriting() {
        return writing;
    }

    Standing standing() {
        return quorum.standing();
    }

    /** Returns whether it led until now: it is said once. */
    boolean isOver() {
        Standing standing = quorum.standing();
        boolean deposed = !standing.leads() || standing.term() != tenure.term().number();
        if (!led || !deposed) {
            return false;
        }
        led = false;
        tenure = tenure.lapsed();
        return true;
    }

    void tick() {
        if (confirms == 0 || now().since(confirmAsked).compareTo(plan.tempo().confirm()) >= 0) {
            confirm();
        }
    }

    void confirm() {
        if (confirms >= MOST_CONFIRMS || !quorum.standing().leads()) {
            return;
        }
        confirms++;
        confirmAsked = now();
        CompletableFuture<Void> unused = quorum.confirm(plan.cluster())
                .handleAsync(
                        (confirmed, failed) -> {
                            confirms--;
                            if (confirmed != null) {
                                confirmed(confirmed);
                            } else {
                                LOG.debug("{} has no lease: {}", plan.name(), String.valueOf(failed));
                            }
                            return null;
                        },
                        ring);
    }

    private void confirmed(Confirmed answer) {
        Term term = new Term(answer.term());
        if (term.compareTo(tenure.term()) < 0) {
            return; // late: this coordinator has been elected anew since
        }
        boolean isNew = !term.equals(tenure.term());
        if (isNew || !led) {
            led = true;
            heir.begins(term, isNew);
        }
        tenure = tenure.confirmed(term, new Moment(answer.askedNanos()));
        if (answer.version() > tenure.stored()) {
            read(answer.version(), answer.content());
        }
        heir.turn();
    }

    private void read(long number, String content) {
        try {
            learn(number, RecordJson.read(content));
        } catch (UnreadableRecord e) {
            heir.unreadable("This coordinator decides nothing: " + e.getMessage());
        }
    }

    private void learn(long number, ClusterRecord record) {
        Tenure before = tenure;
        tenure = before.knowing(number, record, now());
        if (!tenure.equals(before)) {
            heir.learned();
        }
    }

    void write(Action.Write write, Tenure held) {
        if (writing) {
            return; // decided again by the turn after its answer
        }
        writing = true;
        CompletableFuture<Void> unused = quorum.write(
                        plan.cluster(),
                        held.stored(),
                        RecordJson.write(write.next()),
                        held.term().number())
                .handleAsync(
                        (written, failed) -> {
                            writing = false;
                            written(write, written == null ? new Written.Unknown(String.valueOf(failed)) : written);
                            return null;
                        },
                        ring);
    }

    private void written(Action.Write write, Written answer) {
        if (answer instanceof Written.Done done) {
            heir.written(write);
            learn(done.version(), write.next());
            heir.turn();
        } else {
            // Whether it was written after all, somebody else wrote, or somebody else leads: the quorum is asked anew.
            LOG.warn("The record was not written ({}): {}", write.why(), answer);
            confirm();
        }
    }
}
