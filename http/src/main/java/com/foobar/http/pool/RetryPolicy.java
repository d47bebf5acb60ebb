package com.foobar.http.pool;

import com.foobar.http.pool.Verdict.GiveUp;
import com.foobar.http.pool.Verdict.Reason;
import com.foobar.http.pool.Verdict.RetryElsewhere;
import com.foobar.http.pool.Verdict.RetrySame;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The retry rule: another attempt only while the whole request is still at hand, and only if no byte of it was sent or if
 * repeating it does no harm (idempotent method, nothing passed on). So a POST is never sent twice, not even over a stale connection.
 *
 * @param attempts how many attempts a request gets, the first included
 */
public record RetryPolicy(int attempts) {

    // RFC 9110, 9.2.2. Method names are case-sensitive: "get" is some other method, and unknown methods are not
    // repeated.
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    public RetryPolicy {
        if (attempts < 1 || attempts > 16) {
            throw new IllegalArgumentException("retries: attempts " + attempts + " is not within 1..16");
        }
    }

    /** Judges a failed attempt; takes from the budget only if everything else allows another one. */
    public Verdict judge(Attempt attempt, RetryBudget budget, long nowNanos) {
        @Nullable Reason against = against(attempt, nowNanos);
        if (against == null && !budget.take(nowNanos)) {
            against = Reason.BUDGET_USED_UP;
        }
        if (against != null) {
            int status = against == Reason.DEADLINE ? 504 : attempt.failure().status();
            return new GiveUp(against, status, attempt.responsePassedOn());
        }
        return attempt.failure() == Failure.STALE_CONNECTION ? RetrySame.FRESH_CONNECTION : RetryElsewhere.NOW;
    }

    private @Nullable Reason against(Attempt attempt, long nowNanos) {
        if (attempt.responsePassedOn()) {
            return Reason.RESPONSE_STARTED;
        }
        // Whatever the transport claims: a connection that never came about cannot have carried a byte.
        boolean sent = attempt.byteSent() && !attempt.failure().beforeFirstByte();
        if (sent && !IDEMPOTENT.contains(attempt.method())) {
            return Reason.NOT_IDEMPOTENT;
        }
        // Also where none of it was sent: what was read from the client can be read no second time.
        if (!attempt.bodyReplayable()) {
            return Reason.BODY_GONE;
        }
        if (attempt.number() >= attempts) {
            return Reason.ATTEMPTS_USED_UP;
        }
        return nowNanos - attempt.deadlineNanos() >= 0 ? Reason.DEADLINE : null;
    }
}
