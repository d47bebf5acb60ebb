package com.foobar.database.coordinator;

import com.foobar.database.model.Plan;
import java.util.Optional;

/**
 * What became of an operator's wish.
 *
 * @param done false when it was refused or came to nothing
 * @param plan what would be done, for a dry run
 */
public record Reply(boolean done, String sentence, Optional<Plan> plan) {
    public static Reply done(String sentence) {
        return new Reply(true, sentence, Optional.empty());
    }

    public static Reply refused(String sentence) {
        return new Reply(false, sentence, Optional.empty());
    }

    static Reply of(Plan plan) {
        return new Reply(plan.refusal() == null, plan.toString(), Optional.of(plan));
    }
}
