package com.foobar.database.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterRecordTest {
    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");
    private static final Position FIVE = GtidPosition.parse("0-1-5");

    private final ClusterRecord record =
            ClusterRecord.founding("shop", A, GtidPosition.EMPTY).crowned(new Epoch(1), A, Map.of(), FIVE);

    @Test
    void aClaimUsesItsEpochUpAndTakesTheLeaseAway() {
        ClusterRecord claimed = record.claimed(new Term(1));
        assertThat(claimed.epoch()).isEqualTo(new Epoch(1));
        assertThat(claimed.nextEpoch()).isEqualTo(new Epoch(3));
        assertThat(claimed.claimed(new Term(2)).claim()).isEqualTo(new Claim(new Epoch(3), new Term(2)));
        assertThat(record.grantsLease(A, new Epoch(1))).isTrue();
        assertThat(claimed.grantsLease(A, new Epoch(1))).isFalse();
        assertThat(claimed.grantsLease(A, null)).isFalse();
    }

    @Test
    void aLeaseIsForTheReignOfTheRecordOrForAReplica() {
        assertThat(record.grantsLease(B, null)).isTrue();
        assertThat(record.grantsLease(B, new Epoch(1))).isFalse();
        assertThat(record.grantsLease(A, Epoch.NONE)).isFalse();
    }

    @Test
    void theCrownEndsTheClaimAndKeepsTheDeposedBarred() {
        ClusterRecord crowned = record.claimed(new Term(1)).crowned(new Epoch(2), B, Map.of(), FIVE);
        assertThat(crowned.claim()).isNull();
        assertThat(crowned.barred()).containsExactly(A);
        assertThat(crowned.admitting(A).barred()).isEmpty();
        assertThat(crowned.grantsLease(B, new Epoch(2))).isTrue();
    }

    @Test
    void epochsAndVersionsOnlyGrow() {
        assertThatThrownBy(() -> record.crowned(new Epoch(1), B, Map.of(), FIVE))
                .hasMessageContaining("only grow");
        assertThat(record.reopened().version()).isEqualTo(record.version() + 1);
        assertThat(record.withAckers(Map.of(), GtidPosition.EMPTY).floor())
                .as("a floor never falls")
                .isEqualTo(FIVE);
    }

    @Test
    void anOrderThatWasLateDoesNothing() {
        Stamp last = new Stamp(new Term(2), 10, 5);
        assertThat(last.admits(new Stamp(new Term(2), 10, 6), 10)).isTrue();
        assertThat(last.admits(new Stamp(new Term(3), 10, 1), 10)).isTrue();
        assertThat(last.admits(new Stamp(new Term(2), 10, 5), 10)).as("twice").isFalse();
        assertThat(last.admits(new Stamp(new Term(1), 10, 9), 10))
                .as("a deposed coordinator")
                .isFalse();
        assertThat(last.admits(new Stamp(new Term(2), 9, 6), 10))
                .as("an older record")
                .isFalse();
    }
}
