package com.foobar.appserver.data;

import com.foobar.kernel.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds a pool's connections and for how long. By time only: who borrows next looks whether somebody has held one too long, and one
 * that is returned late is told of as well; a watching thread and a stack trace for each loan would cost more than the loan.
 */
final class Loans {

    private static final Logger LOG = LoggerFactory.getLogger(Loans.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final String node;
    private final Duration tooLong;
    private final Time time;
    private final Set<Loan> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextLook;

    /** By identity. */
    static final class Loan {
        private final long since;
        private final String borrower;
        private volatile boolean told;

        private Loan(long since, String borrower) {
            this.since = since;
            this.borrower = borrower;
        }
    }

    /** A limit of zero switches it off. */
    Loans(String node, Duration tooLong, Time time) {
        this.node = node;
        this.tooLong = tooLong;
        this.time = time;
        this.nextLook = new AtomicLong(time.nanos() + BETWEEN_LOOKS.toNanos());
    }

    Loan begin() {
        RequestScope scope = RequestScope.current();
        Loan loan = new Loan(
                time.nanos(),
                scope == null || scope.id().isEmpty()
                        ? "thread " + Thread.currentThread().getName()
                        : "request " + scope.id());
        open.add(loan);
        return loan;
    }

    /** False when it had ended before. */
    boolean end(Loan loan) {
        boolean ended = open.remove(loan);
        check(loan, time.nanos());
        return ended;
    }

    /** Cheap when it is not time yet. */
    void look() {
        long now = time.nanos();
        long due = nextLook.get();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + BETWEEN_LOOKS.toNanos())) {
            open.forEach(loan -> check(loan, now));
        }
    }

    private void check(Loan loan, long now) {
        long held = now - loan.since;
        if (!tooLong.isZero() && held >= tooLong.toNanos() && !loan.told) {
            loan.told = true;
            LOG.warn(
                    "a connection to {} has been held for {} ms by {}: the application is slow, or forgets to close it",
                    node,
                    Duration.ofNanos(held).toMillis(),
                    loan.borrower);
        }
    }
}
