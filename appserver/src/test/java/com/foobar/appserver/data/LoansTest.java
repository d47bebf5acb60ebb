package com.foobar.appserver.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.appserver.Words;
import com.foobar.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is told of, when, and how often. */
class LoansTest {
    private static final Duration TOO_LONG = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();

    private Loans loans(Duration tooLong) {
        return new Loans("db1", tooLong, time);
    }

    private void pass(Loans loans, Duration after) {
        time.advance(after);
        loans.look();
    }

    @Test
    void oneThatIsStillHeldIsToldOfOnceByWhoeverBorrowsNext() {
        String said = Words.during(() -> {
            Loans loans = loans(TOO_LONG);
            RequestScope before = RequestScope.begin("r-17", CausalToken.NONE).enter();
            Loans.Loan loan = loans.begin();
            RequestScope.leave(before);
            pass(loans, TOO_LONG.minusMillis(1));
            pass(loans, Duration.ofSeconds(2));
            pass(loans, Duration.ofSeconds(10));
            loans.end(loan);
        });
        assertThat(said)
                .containsOnlyOnce("a connection to db1 has been held for")
                .contains("held for 31999 ms by request r-17");
    }

    @Test
    void oneThatIsReturnedLateIsToldOfTooWithTheThreadWhereThereIsNoRequest() {
        String said = Words.during(() -> {
            Loans loans = loans(TOO_LONG);
            Loans.Loan loan = loans.begin();
            time.advance(TOO_LONG);
            loans.end(loan);
            pass(loans, TOO_LONG);
        });
        assertThat(said)
                .containsOnlyOnce(
                        "held for 30000 ms by thread " + Thread.currentThread().getName());
    }

    @Test
    void inTimeOrSwitchedOffNothingIsSaid() {
        String said = Words.during(() -> {
            Loans loans = loans(TOO_LONG);
            Loans.Loan quick = loans.begin();
            time.advance(TOO_LONG.minusNanos(1));
            loans.end(quick);
            pass(loans, TOO_LONG);
            Loans silent = loans(Duration.ZERO);
            Loans.Loan slow = silent.begin();
            pass(silent, Duration.ofDays(1));
            silent.end(slow);
        });
        assertThat(said).doesNotContain("has been held");
    }

    /** Many requests borrow at once; one look a second is enough. */
    @Test
    void itLooksOnceASecond() {
        String said = Words.during(() -> {
            Loans loans = loans(Duration.ofMillis(200));
            pass(loans, Duration.ofSeconds(1));
            Loans.Loan loan = loans.begin();
            pass(loans, Duration.ofMillis(900));
            pass(loans, Duration.ofMillis(100));
            loans.end(loan);
        });
        assertThat(said).containsOnlyOnce("held for 1000 ms").doesNotContain("held for 900 ms");
    }
}
