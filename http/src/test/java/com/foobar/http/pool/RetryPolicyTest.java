package com.foobar.http.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.foobar.http.pool.Verdict.GiveUp;
import com.foobar.http.pool.Verdict.Reason;
import com.foobar.http.pool.Verdict.RetryElsewhere;
import com.foobar.http.pool.Verdict.RetrySame;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RetryPolicy POLICY = new RetryPolicy(3);

    private static RetryBudget plenty() {
        return new RetryBudget(100, 1000);
    }

    @ParameterizedTest
    @CsvSource({
        // method, failure, attempt, sent, replayable, passed on, late → verdict
        "GET,    CONNECT_REFUSED,  1, false, true,  false, false, elsewhere",
        "POST,   CONNECT_REFUSED,  1, false, true,  false, false, elsewhere",
        "POST,   CONNECT_REFUSED,  1, false, false, false, false, BODY_GONE 503",
        "POST,   CONNECT_REFUSED,  1, true,  true,  false, false, elsewhere",
        "POST,   CONNECT_TIMEOUT,  1, false, true,  false, false, elsewhere",
        "POST,   BROKEN,           1, false, false, false, false, BODY_GONE 502",
        "POST,   STALE_CONNECTION, 1, false, true,  false, false, same",
        "GET,    STALE_CONNECTION, 1, true,  true,  false, false, same",
        "POST,   STALE_CONNECTION, 1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "POST,   BROKEN,           1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "POST,   ANSWER_TIMEOUT,   1, true,  true,  false, false, NOT_IDEMPOTENT 504",
        "PATCH,  BROKEN,           1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "LOCK,   BROKEN,           1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "get,    BROKEN,           1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "CONNECT,BROKEN,           1, true,  true,  false, false, NOT_IDEMPOTENT 502",
        "GET,    BROKEN,           1, true,  true,  false, false, elsewhere",
        "HEAD,   BAD_ANSWER,       1, true,  true,  false, false, elsewhere",
        "OPTIONS,ANSWER_TIMEOUT,   2, true,  true,  false, false, elsewhere",
        "TRACE,  BROKEN,           2, true,  true,  false, false, elsewhere",
        "PUT,    BROKEN,           1, true,  true,  false, false, elsewhere",
        "DELETE, BROKEN,           1, true,  true,  false, false, elsewhere",
        "PUT,    BROKEN,           1, true,  false, false, false, BODY_GONE 502",
        "GET,    BROKEN,           1, true,  true,  true,  false, RESPONSE_STARTED 502 cut",
        "GET,    BROKEN,           3, true,  true,  false, false, ATTEMPTS_USED_UP 502",
        "GET,    CONNECT_REFUSED,  3, false, true,  false, false, ATTEMPTS_USED_UP 503",
        "GET,    CONNECT_TIMEOUT,  3, false, true,  false, false, ATTEMPTS_USED_UP 504",
        "GET,    CONNECT_REFUSED,  1, false, true,  false, true,  DEADLINE 504",
    })
    void theTable(
            String method,
            Failure failure,
            int number,
            boolean sent,
            boolean replayable,
            boolean passedOn,
            boolean late,
            String expected) {
        long now = Long.MAX_VALUE - 5; // the deadline lies beyond the end of the numbers
        long deadline = late ? now : now + 10;
        Attempt attempt = new Attempt(method, failure, number, sent, replayable, passedOn, deadline);
        assertThat(shown(POLICY.judge(attempt, plenty(), now))).isEqualTo(expected);
    }

    private static String shown(Verdict verdict) {
        if (verdict instanceof GiveUp given) {
            assertThat(given.reason().text()).isNotBlank();
            return given.reason() + " " + given.status() + (given.cutOff() ? " cut" : "");
        }
        return verdict instanceof RetryElsewhere ? "elsewhere" : "same";
    }

    /** The whole product of inputs, against the rule said the other way round. */
    @Test
    void nothingUnsafeIsEverRepeated() {
        Set<String> safe = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
        int retried = 0;
        for (String method : List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH", "LOCK")) {
            for (Failure failure : Failure.values()) {
                for (int bits = 0; bits < 8; bits++) {
                    boolean sent = (bits & 1) != 0;
                    boolean replayable = (bits & 2) != 0;
                    boolean passedOn = (bits & 4) != 0;
                    Verdict verdict = POLICY.judge(
                            new Attempt(method, failure, 1, sent, replayable, passedOn, SECOND), plenty(), 0);
                    if (verdict instanceof RetryElsewhere || verdict instanceof RetrySame) {
                        retried++;
                        boolean connected = failure != Failure.CONNECT_REFUSED && failure != Failure.CONNECT_TIMEOUT;
                        assertThat(passedOn).isFalse();
                        assertThat(replayable && (!sent || !connected || safe.contains(method)))
                                .as("%s %s %s", method, failure, bits)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(retried).isPositive();
    }

    @Test
    void theBudgetKeepsRetriesFromMultiplyingAnOutage() {
        RetryBudget budget = new RetryBudget(20, 0);
        Attempt failed = new Attempt("GET", Failure.CONNECT_REFUSED, 1, false, true, false, Long.MAX_VALUE);
        int retries = 0;
        for (int i = 0; i < 10_000; i++) {
            long now = i * SECOND / 100;
            budget.request(now);
            Verdict verdict = POLICY.judge(failed, budget, now);
            retries += verdict instanceof RetryElsewhere ? 1 : 0;
            assertThat(verdict).isIn(RetryElsewhere.NOW, new GiveUp(Reason.BUDGET_USED_UP, 503, false));
        }
        assertThat(retries).isBetween(1_900, 2_000 + 20);
    }

    @Test
    void aQuietPoolMayRetryAndCalmTimesAreNotSavedUp() {
        RetryBudget budget = new RetryBudget(20, 1);
        assertThat(taken(budget, -100 * SECOND)).isEqualTo(10);
        assertThat(taken(budget, -100 * SECOND)).isZero();
        assertThat(taken(budget, -89 * SECOND)).isEqualTo(10);
        for (int i = 0; i < 1_000_000; i++) {
            budget.request(0);
        }
        assertThat(taken(budget, 60 * SECOND)).as("a minute later").isEqualTo(10);
    }

    private static int taken(RetryBudget budget, long now) {
        int taken = 0;
        while (budget.take(now)) {
            taken++;
        }
        return taken;
    }

    @Test
    void aRetryThatIsForbiddenAnywayCostsNothing() {
        RetryBudget budget = new RetryBudget(0, 1);
        Attempt post = new Attempt("POST", Failure.BROKEN, 1, true, true, false, SECOND);
        for (int i = 0; i < 100; i++) {
            POLICY.judge(post, budget, 0);
        }
        assertThat(taken(budget, 0)).isEqualTo(10);
    }
}
