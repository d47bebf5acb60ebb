package com.foobar.database.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a node said of itself when it answered. The probe reads the receiver's state before the positions: then the position
 * beside a stopped receiver is final.
 *
 * @param cluster the identity of the cluster its data belongs to
 * @param reign the epoch row: in which epoch this node was last promoted
 * @param applied all that is in its binary log
 * @param received applied, and what waits in the relay log
 * @param lag how old the newest applied write is; null when unknown
 * @param obeyed the stamp of the last order it obeyed; earlier ones are refused from then on
 */
public record NodeState(
        String cluster,
        boolean readOnly,
        Epoch reign,
        Position applied,
        Position received,
        Receiver receiver,
        boolean applierRuns,
        SemiSync semiSync,
        @Nullable Duration lag,
        Boot boot,
        Stamp obeyed) {

    /** What the node behaves as, whatever anybody meant it to be. */
    public enum Role {
        PRIMARY,
        REPLICA,
        NEITHER
    }

    public Role role() {
        if (!readOnly) {
            return Role.PRIMARY;
        }
        return receiver.source() == null ? Role.NEITHER : Role.REPLICA;
    }

    public boolean drained() {
        return applied.covers(received);
    }
}
