package com.foobar.database.coordinator;

import com.foobar.database.decide.Finding;
import com.foobar.database.model.Certificate;
import com.foobar.database.model.ClusterRecord;
import com.foobar.database.model.ClusterView;
import com.foobar.database.model.NodeState;
import com.foobar.database.model.Refusal;
import com.foobar.database.model.Term;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this coordinator knows and thinks at one moment, for people and metrics. Where it does not lead it knows only who does, and the
 * record as it was when it last led.
 */
public record CoordinatorStatus(
        String name,
        boolean leads,
        Term term,
        Optional<String> leader,
        @Nullable ClusterRecord record,
        ClusterView view,
        @Nullable Finding finding,
        String activity,
        @Nullable Refusal refusal,
        @Nullable Certificate lastCertificate) {

    /** Whether a primary takes writes, as far as this coordinator knows. */
    public boolean isInOffice() {
        NodeState state = record == null ? null : view.state(record.primary());
        return leads
                && record != null
                && state != null
                && !state.readOnly()
                && state.reign().equals(record.epoch());
    }
}
