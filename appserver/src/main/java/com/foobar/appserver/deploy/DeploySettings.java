package com.foobar.appserver.deploy;

import com.foobar.kernel.config.Default;
import com.foobar.kernel.config.Doc;
import com.foobar.kernel.config.Range;
import com.foobar.kernel.value.ByteSize;
import java.time.Duration;

/** How applications come and go. */
public record DeploySettings(
        @Doc("The pause between two looks at the folder; a change counts when two looks have seen the same.")
                @Default("1s")
                Duration look,
        @Doc("How long an application may take to start; then it is given up and the old version stays.")
                @Default("60s")
                Duration start,
        @Doc("How long requests in an old version may take to end before it is stopped.") @Default("30s")
                Duration drain,
        @Doc("The size of an unpacked application.") @Default("2GiB") ByteSize unpacked,
        @Doc("Requests in one application at once; more get 503, so that the others keep their threads.")
                @Default("100")
                @Range(min = 1, max = 100_000)
                int requests) {}
