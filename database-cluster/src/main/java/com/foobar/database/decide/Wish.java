package com.foobar.database.decide;

import com.foobar.database.model.NodeName;
import org.jspecify.annotations.Nullable;

/** What the operator asked for. */
public sealed interface Wish {

    /** A planned change of the primary; null lets the ranking choose. */
    record Switchover(@Nullable NodeName target) implements Wish {}

    /** A failover now, whatever the primary's health. Still proof or refusal. */
    record Failover() implements Wish {}

    /**
     * A replica's data shall be replaced by the primary's.
     *
     * @param boot of the life that has the old data; empty while its server has ended. Another one has the new
     */
    record Anew(NodeName node, String boot) implements Wish {}

    /** A failover that may lose acknowledged writes; only with the sentence typed that names the cluster. */
    record AcceptLoss(String typed) implements Wish {
        public static String sentenceFor(String cluster) {
            return "accept the loss of acknowledged writes in " + cluster;
        }

        boolean isValid(String cluster) {
            return typed.equals(sentenceFor(cluster));
        }
    }
}
