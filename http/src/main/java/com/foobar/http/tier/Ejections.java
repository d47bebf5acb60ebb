package com.foobar.http.tier;

import com.foobar.http.pool.Ejection;
import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;
import java.time.Duration;

/** The {@code ejection} section of a tier. */
public record Ejections(
        @Doc("Failed requests in a row that put a server aside.") @Default("5") @Range(min = 1, max = 1000)
                int failures,
        @Doc("For how long the first time; it doubles with each repeat.") @Default("5s") Duration first,
        @Doc("For how long at most.") @Default("5m") Duration longest,
        @Doc("The most percent of a pool that may be aside.") @Default("50") @Range(min = 0, max = 100) int share,
        @Doc("When fewer percent than this are usable, servers put aside are used again.")
                @Default("50")
                @Range(min = 0, max = 100)
                int panic) {

    public Ejection.Rules rules() {
        return new Ejection.Rules(failures, first, longest, share, panic);
    }
}
