package com.foobar.quorum;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.Optional;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;

/** What this voter may say about itself, from what Ratis says and for how long it has said so. */
final class Leadership {

    private final RaftServer.Division division;
    private final Time time;
    private final Duration grace;

    /** The newest term this voter was seen leading in, and since when. Guarded by this, like the fields below. */
    private long ledTerm = -1;

    private long ledSince;
    private boolean isFirstEver;

    /** Given up by its holder; Ratis takes a moment to follow. */
    private long givenUpTerm = -1;

    /**
     * @param elected by a majority, in this term, and the log of all earlier terms is applied
     * @param leads elected, and no earlier leader can still hold a lease
     * @param why it does not lead
     */
    record View(boolean elected, boolean leads, long term, Optional<String> leader, String why) {}

    Leadership(RaftServer.Division division, Time time, Duration grace) {
        this.division = division;
        this.time = time;
        this.grace = grace;
    }

    synchronized View look() {
        DivisionInfo info = division.getInfo();
        long term = info.getCurrentTerm();
        RaftPeerId leaderId = info.getLeaderId();
        Optional<String> leader = Optional.ofNullable(leaderId).map(RaftPeerId::toString);
        if (!info.isAlive()) {
            return new View(false, false, term, Optional.empty(), "it has stopped");
        }
        // Read in this order: a term that passed on between the two questions belongs to somebody else.
        if (!info.isLeader() || info.getCurrentTerm() != term) {
            String why = leader.map(name -> name + " leads").orElse("no leader is known");
            return new View(false, false, term, leader, why);
        }
        if (term == givenUpTerm) {
            return new View(false, false, term, Optional.empty(), "it has stepped down");
        }
        if (!info.isLeaderReady()) {
            return new View(false, false, term, leader, "it was elected and waits for a majority to take over its log");
        }
        if (term != ledTerm) {
            ledTerm = term;
            ledSince = time.nanos();
            isFirstEver = isFirstEver(term);
        }
        Duration wait = grace.minusNanos(time.nanos() - ledSince);
        if (isFirstEver || wait.isNegative() || wait.isZero()) {
            return new View(true, true, term, leader, "");
        }
        return new View(
                true, false, term, leader, "the last leader's lease may run for another " + wait.toMillis() + " ms");
    }

    /** No one to wait for: whoever confirmed anything before has left an entry of its term in every later leader's log. */
    private boolean isFirstEver(long term) {
        RaftLog log = division.getRaftLog();
        TermIndex first = log.getTermIndex(0);
        return first != null && first.getTerm() == term;
    }

    /** Returns whether there was a term to give up. */
    synchronized boolean giveUp() {
        DivisionInfo info = division.getInfo();
        if (!info.isLeader()) {
            return false;
        }
        givenUpTerm = info.getCurrentTerm();
        return true;
    }

    /** Nobody took it and Ratis kept it: better this voter goes on than nobody. */
    synchronized void resume() {
        givenUpTerm = -1;
    }
}
