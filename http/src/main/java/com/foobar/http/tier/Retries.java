package com.foobar.http.tier;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;

/** The {@code retries} section of a tier. What may be sent twice at all is not a setting: a POST never is. */
public record Retries(
        @Doc("Attempts for one request, the first included.") @Default("3") @Range(min = 1, max = 10) int attempts,
        @Doc("Retries may be so many percent of all requests, so that they cannot multiply an outage.")
                @Default("20")
                @Range(min = 0, max = 100)
                int budget) {}
